import Culprits
import Diagnosis
import Testing

/// Groups that are joined on other devices, or for other senders.
@Suite struct MulticastCulpritTests {
    private static let joined = """
        Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter
        1\tlo        :     1      V3
        \t\t\t\t010000E0     1 0:00000000\t\t0
        2\teth0      :     2      V3
        \t\t\t\t030201E8     1 0:00000000\t\t0
        \t\t\t\t010000E0     1 0:00000000\t\t0
        """
    private static let filter = """
        Idx Device        MCA        SRC    INC    EXC
          2   eth0 0xe8010203 0x0a090007      1      0
        """

    private func answer(_ cause: String, igmp: String = Self.joined, filter: String = "") -> CulpritAnswer {
        CulpritFinders().answer(
            to: .datagram(to: [232, 1, 2, 3]), cause: cause,
            in: FakeNamespace(files: ["igmp": igmp, "mcfilter": filter]))
    }

    @Test func aGroupThatIsJoinedForAnotherSenderIsTold() throws {
        let found = try #require(culprit(answer("multicast-source", filter: Self.filter)))
        #expect(found.name == "group 232.1.2.3 on eth0, joined for 10.9.0.7 only")
        #expect(culprit(answer("multicast-not-member", filter: Self.filter)) == nil)
    }

    @Test func aSenderThatIsWantedIsNotRefused() {
        let wanted = Self.filter.replacing("0x0a090007", with: "0x0a000001")
        #expect(culprit(answer("multicast-source", filter: wanted)) == nil)
        #expect(culprit(answer("multicast-source")) == nil)
    }

    @Test func aSenderMayBeLeftOut() {
        let excluded = Self.filter.replacing("0x0a090007      1      0", with: "0x0a000001      0      1")
        #expect(
            culprit(answer("multicast-source", filter: excluded))?.name
                == "group 232.1.2.3 on eth0, joined for all senders but 10.0.0.1")
    }

    @Test func aGroupThatIsJoinedOnAnotherDeviceSaysWhere() throws {
        let elsewhere = Self.joined.replacing("eth0", with: "eth7")
        let found = try #require(culprit(answer("multicast-not-member", igmp: elsewhere)))
        #expect(found.name == "destination address 232.1.2.3")
        #expect(found.details.contains("it is joined on eth7 only"))
        #expect(culprit(answer("multicast-source", igmp: elsewhere, filter: Self.filter)) == nil)
    }
}
