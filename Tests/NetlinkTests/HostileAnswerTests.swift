import Testing

@testable import Netlink
import Protocols

/// Answers that no kernel gives: nothing traps, and nothing is read beyond the end.
@Suite struct HostileAnswerTests {
    private static let linkLocal = IPAddress([0xfe, 0x80] + [UInt8](repeating: 0, count: 14)) ?? .unspecified(.inet6)
    private static let refused = IPAddress([10, 77, 1, 2]) ?? .unspecified(.inet)
    private static let bridge: UInt32 = 10

    /// Recorded answers, and how they are read.
    private static let readers: [(String, @Sendable ([UInt8]) -> Int)] = [
        ("routes", { count($0, CoveringRoutes(of: refused)) }),
        ("routes6", { count($0, CoveringRoutes(of: linkLocal)) }),
        ("rules", { count($0, RoutingRules(isIPv6: false)) }),
        ("links", { count($0, Links()) }),
        ("neighbours", { count($0, Neighbours(on: 9)) }),
        ("fdb", { count($0, ForwardingEntries(ofBridge: bridge)) }),
        ("addresses", { count($0, InterfaceAddresses(isIPv6: false)) }),
        ("vlans", { count($0, VLANMemberships()) }),
        ("tcp", { count($0, InetSockets(ipProtocol: 6, isIPv6: false)) }),
        ("policies", { count($0, XfrmPolicies()) }),
        ("states", { count($0, XfrmStates()) }),
        ("groups", { count($0, MulticastGroups(of: bridge)) }),
    ]

    /// Number of elements in a datagram, each of which is read.
    private static func count(_ datagram: [UInt8], _ question: some NetlinkQuestion) -> Int {
        (NetlinkMessage.all(in: datagram) ?? []).compactMap(question.element).count
    }

    /// Messages of the first datagram, each alone; of many, about two.
    private static func messages(_ name: String) throws -> [[UInt8]] {
        let datagram = try #require(try Recording.datagrams(name).first)
        var messages: [[UInt8]] = []
        var start = 0
        while let length = datagram[start...].number(as: UInt32.self) {
            messages.append(Array(datagram[start..<(start + Int(length))]))
            start += (Int(length) + 3) / 4 * 4
        }
        return stride(from: 0, to: messages.count, by: max(1, messages.count / 2)).map { messages[$0] }
    }

    @Test(arguments: readers.indices)
    func anAnswerMayBeCutAtEachByte(reader: Int) throws {
        let (name, read) = Self.readers[reader]
        var whole = 0
        var wrong: [Int] = []
        for message in try Self.messages(name) {
            whole += read(message)
            for end in 16..<message.count {
                let cut = Array(message[..<end])
                // The same with the right length in the message's header.
                let shorter = [UInt8(end & 0xff), UInt8(end >> 8), 0, 0] + cut[4...]
                if read(cut) != 0 || read(shorter) > 1 { wrong.append(end) }
            }
        }
        #expect(whole > 0)
        #expect(wrong.isEmpty)
    }

    /// Each byte in turn is 0, small, negative or huge: lengths of messages and attributes, indices, prefixes.
    @Test(arguments: readers.indices)
    func eachByteMayBeAnything(reader: Int) throws {
        let (name, read) = Self.readers[reader]
        var readings = 0
        for message in try Self.messages(name) {
            var changed = message
            // Every place of the first attributes, and every third of the others.
            for place in message.indices where place < 256 || place % 3 == 0 {
                for value: UInt8 in [0, 5, 0xff] {
                    changed[place] = value
                    readings += read(changed)
                }
                changed[place] = message[place]
            }
        }
        #expect(readings > 0)
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
