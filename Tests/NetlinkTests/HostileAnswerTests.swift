import Testing

@testable import Netlink

/// Answers that no kernel gives: nothing traps, and nothing is read beyond the end.
@Suite struct HostileAnswerTests {
    private static let linkLocal = IPAddress([0xfe, 0x80] + [UInt8](repeating: 0, count: 14)) ?? .unspecified(.inet6)

    /// Recorded answers, and how they are read.
    private static let readers: [(String, @Sendable ([UInt8]) -> Int)] = [
        ("routes", { count($0, CoveringRoutes(of: .unspecified(.inet))) }),
        ("routes6", { count($0, CoveringRoutes(of: linkLocal)) }),
        ("rules", { count($0, RoutingRules(isIPv6: false)) }),
        ("link", { count($0, LinkQuery(name: "left")) }),
    ]

    /// Number of elements in a datagram, each of which is read.
    private static func count(_ datagram: [UInt8], _ question: some NetlinkQuestion) -> Int {
        (NetlinkMessage.all(in: datagram) ?? []).compactMap(question.element).count
    }

    /// The payload of the first message, cut, in a message of the right length.
    private static func cut(_ datagram: [UInt8], to count: Int) -> [UInt8] {
        var bytes = Array(datagram[..<(16 + count)])
        bytes.replaceSubrange(0..<4, with: [UInt8((16 + count) & 0xff), UInt8((16 + count) >> 8), 0, 0])
        return bytes
    }

    @Test(arguments: readers.indices)
    func anAnswerMayBeCutAtEachByte(reader: Int) throws {
        let (name, read) = Self.readers[reader]
        let datagram = try #require(try Recording.datagrams(name).first)
        for end in datagram.indices { #expect(read(Array(datagram[..<end])) <= read(datagram)) }
        let length = Int(try #require(datagram[...].number(as: UInt32.self)))
        for count in 0...(length - 16) { #expect(read(Self.cut(datagram, to: count)) <= 1) }
        #expect(read(datagram) > 0)
    }

    /// Each number in turn becomes 0, small, negative and huge: lengths of messages and attributes, indices, prefixes.
    @Test(arguments: readers.indices)
    func eachByteMayBeAnything(reader: Int) throws {
        let (name, read) = Self.readers[reader]
        let datagram = try #require(try Recording.datagrams(name).first)
        var readings = 0
        for place in datagram.indices {
            for value: UInt8 in [0, 1, 5, 0x80, 0xff] {
                var changed = datagram
                changed[place] = value
                readings += read(changed)
            }
        }
        #expect(readings > datagram.count)
    }

    @Test(arguments: [
        "", "00", "0000", "000001", "00000100", "03000100", "05000100", "ffff0100ff", "0400", "04000100ff",
    ])
    func wrongLengthsEndTheAttributes(bytes: String) {
        let attributes = NetlinkAttributes(RecordedChannel.bytes(bytes)[...])
        #expect(attributes.filter { !$0.payload.isEmpty }.isEmpty)
    }

    /// Only known attributes are entered, each to a fixed depth.
    @Test func attributesThatNestThemselvesEnd() {
        var bytes: [UInt8] = []
        for _ in 0..<1000 {
            var outer: [UInt8] = []
            outer.append(number: UInt16(bytes.count + 4))
            outer.append(number: UInt16(0x8000 | 18))
            bytes = outer + bytes
        }
        let header: [UInt8] = [0, 0, 1, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
        let name: [UInt8] = [8, 0, 3, 0, 0x61, 0, 0, 0]
        let message = NetlinkMessage(type: 16, flags: 0, sequence: 0, payload: (header + name + bytes)[...])
        #expect(Link(message)?.name == "a")
    }
}
