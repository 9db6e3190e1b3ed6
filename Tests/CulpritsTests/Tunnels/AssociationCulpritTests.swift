import Culprits
import Diagnosis
import Testing

/// Security associations that are missing, or have refused packets.
@Suite struct AssociationCulpritTests {
    private static let states = """
        src 10.0.0.1 dst 10.0.0.2
        \tproto esp spi 0x00000100(256) reqid 0(0x00000000) mode transport
        \treplay-window 0 seq 0x00000000 flag  (0x00000000)
        \tauth-trunc hmac(sha1) 0x1111 (160 bits) 96
        \tstats:
        \t  replay-window 0 replay 0 failed 3
        src 10.0.0.1 dst 10.0.0.2
        \tproto ah spi 0x00000100(256) reqid 0(0x00000000) mode transport
        \treplay-window 32 seq 0x00000000 flag  (0x00000000)
        \tstats:
        \t  replay-window 0 replay 0 failed 0

        """

    private func answer(_ states: String, transform: UInt8 = 50, index: UInt8 = 0, at function: String = "xfrm_input")
        -> CulpritAnswer
    {
        let header: [UInt8] = [0x45, 0, 0, 40, 0, 1, 0, 0, 64, transform, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
        let number: [UInt8] = [0, 0, 1, index]
        let rest: [UInt8] = transform == 50 ? number + [0, 0, 0, 1] : [4, 4, 0, 0] + number + [0, 0, 0, 1]
        var evidence = Evidence.datagram().with(header + rest + [UInt8](repeating: 0, count: 8))
        evidence.function = function
        return CulpritFinders().answer(
            to: evidence, cause: "xfrm-state", in: FakeNamespace(commands: ["ip -s xfrm state show": states]))
    }

    @Test func anAssociationThatIsNotThereIsNamedByItsIndex() throws {
        let found = try #require(culprit(answer(Self.states, index: 7)))
        #expect(found.name == "no association esp 0x00000107 to 10.0.0.2")
        #expect(found.details == ["there is 0x00000100"])
        #expect(culprit(answer(""))?.details == ["there is none to 10.0.0.2 at all"])
    }

    @Test func anAssociationIsAccusedOfWhatItHasCounted() throws {
        let found = try #require(culprit(answer(Self.states)))
        #expect(found.name == "association esp 0x00000100 to 10.0.0.2")
        #expect(found.details.count == 1 && found.details[0].hasPrefix("3 packets whose integrity"))
        // A replay window of 32 is a setting, not a refusal.
        #expect(doubt(answer(Self.states, transform: 51))?.contains("refused nothing") == true)
    }

    @Test func otherPacketsTellOfNoAssociation() {
        #expect(culprit(answer(Self.states, transform: 17)) == nil)
        #expect(culprit(answer(Self.states, at: "xfrm_output")) == nil)
    }
}
