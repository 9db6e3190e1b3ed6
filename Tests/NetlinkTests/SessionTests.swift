import Testing

@testable import Netlink

/// Parts, errors and repetitions of answers.
@Suite struct SessionTests {
    /// A dump's element is the payload itself.
    private struct Echo: NetlinkQuestion {
        static let subject = "echoes"
        var isDump = true
        var request: NetlinkRequest { NetlinkRequest(.route, type: 100, isDump: isDump, header: [1, 2, 3, 4, 5]) }
        func element(_ message: NetlinkMessage) -> [UInt8]? { message.type == 101 ? Array(message.payload) : nil }
    }

    private static func message(_ type: UInt16, flags: UInt16 = 2, _ payload: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.append(number: UInt32(16 + payload.count))
        bytes.append(number: type)
        bytes.append(number: flags)
        bytes += [UInt8](repeating: 0, count: 8) + payload
        bytes.alignToFour()
        return bytes
    }

    private static let done = message(3, [0, 0, 0, 0])

    @Test func aRequestIsEncodedAsTheKernelReadsIt() throws {
        let channel = RecordedChannel(bytes: [[Self.done]])
        _ = try NetlinkSession(channel).answer(to: Echo())
        #expect(channel.requests == [RecordedChannel.bytes("18000000 6400 0103 01000000 00000000 0102030405000000")])
    }

    @Test func attributesArePadded() {
        var request = NetlinkRequest(.route, type: 1, isDump: false, header: [])
        request.add(3, Array("eth0".utf8) + [0])
        request.add(7, number: UInt16(0x1234))
        #expect(request.body == RecordedChannel.bytes("0900 0300 6574683000 000000 0600 0700 3412 0000"))
    }

    @Test func aListingHasSeveralParts() throws {
        let parts = [
            Self.message(101, [1]) + Self.message(101, [2]), Self.message(99, [9]), Self.message(101, [3]), Self.done,
        ]
        #expect(try NetlinkSession(RecordedChannel(bytes: [parts])).answer(to: Echo()) == [[1], [2], [3]])
    }

    /// Without NLM_F_MULTI the first message is the whole answer.
    @Test func aSingleAnswerNeedsNoEnd() throws {
        let channel = RecordedChannel(bytes: [[Self.message(101, flags: 0, [7])]])
        #expect(try NetlinkSession(channel).answer(to: Echo(isDump: false)) == [[7]])
    }

    @Test func aListingThatChangedIsRepeatedFromTheStart() throws {
        let disturbed = [Self.message(101, [1]), Self.message(101, flags: 0x12, [2]), Self.done]
        let undisturbed = [Self.message(101, [3]), Self.done]
        let channel = RecordedChannel(bytes: [disturbed, disturbed, undisturbed])
        #expect(try NetlinkSession(channel).answer(to: Echo()) == [[3]])
        #expect(channel.requests.count == 3)
        #expect(channel.requests.map { $0[8] } == [1, 2, 3])
    }

    /// The end of the listing has the flag, too (netlink_dump_done, net/netlink/af_netlink.c).
    @Test func aTableThatAlwaysChangesIsGivenUp() {
        let disturbed = [Self.message(101, [1]), Self.message(3, flags: 0x12, [0, 0, 0, 0])]
        let channel = RecordedChannel(bytes: [[[UInt8]]](repeating: disturbed, count: 100))
        #expect(throws: NetlinkError.unsteady) { try NetlinkSession(channel).answer(to: Echo()) }
        #expect(channel.requests.count < 20)
    }

    @Test func answersToOtherRequestsAreSkipped() throws {
        let session = NetlinkSession(LateChannel(late: Self.message(101, [8]), own: Self.message(101, [1]) + Self.done))
        #expect(try session.answer(to: Echo()) == [[1]])
    }

    @Test func theKernelsExplanationIsKept() throws {
        let refusal = NetlinkError.refused(errno: 22, message: "ipv4: Invalid values in header for route get request")
        #expect(throws: refusal) { try Recording.answer("refused-strict", to: Echo()) }
        #expect(throws: NetlinkError.refused(errno: 19, message: nil)) {
            try Recording.answer("link-missing", to: LinkQuery(index: 9999))
        }
    }

    @Test func anErrorMayEndAListing() {
        let failed = [Self.message(101, [1]), Self.message(3, [0xf4, 0xff, 0xff, 0xff])]
        #expect(throws: NetlinkError.refused(errno: 12, message: nil)) {
            try NetlinkSession(RecordedChannel(bytes: [failed])).answer(to: Echo())
        }
    }

    @Test(arguments: [
        "", "10", "0f000000 6500 0200 00000000 00000000", "ff000000 6500 0200 00000000 00000000",
        "ffffffff 6500 0200 00000000 00000000", "10000000 0200 0000 00000000 00000000",
        "10000000 0400 0000 00000000 00000000",
    ])
    func aWrongLengthIsAnError(datagram: String) {
        #expect(throws: NetlinkError.self) {
            try NetlinkSession(RecordedChannel([[datagram]])).answer(to: Echo(isDump: false))
        }
    }

    private final class LateChannel: NetlinkChannel {
        private var datagrams: [[UInt8]]

        init(late: [UInt8], own: [UInt8]) {
            var own = own
            for start in stride(from: 8, to: own.count, by: 20) { own[start] = 1 }
            datagrams = [late, own]
        }

        func send(_ datagram: [UInt8]) {}
        func receive() -> [UInt8] { datagrams.removeFirst() }
    }
}
