import FilterInterpreter
import Testing

@testable import PacketFilter

/// The effect of options on packets, from the text to the decision.
@Suite struct FilterMeaningTests {
    private static let portBytes: [UInt8] = [0x9c, 0x40, 0x00, 0x50]
    private static let sequenceBytes: [UInt8] = [0, 0, 0, 1, 0, 0, 0, 2]

    private static func tcp(_ flags: UInt8) -> [UInt8] {
        portBytes + sequenceBytes + [0x50, flags, 1, 0, 0, 0, 0, 0]
    }

    /// 10.0.0.8 to 192.168.1.1; the fragment offset counts 8 bytes.
    private static func ipv4(_ proto: UInt8, _ payload: [UInt8], fragment: UInt8 = 0, options: Int = 0) -> [UInt8] {
        [0x45 + UInt8(options / 4), 0, 0, UInt8(20 + options + payload.count), 0, 1, 0, fragment, 64, proto, 0, 0]
            + [10, 0, 0, 8, 192, 168, 1, 1] + Array(repeating: 1, count: options) + payload
    }

    /// 2001:db8::1 to 2001:db8::2
    private static func ipv6(_ next: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let network: [UInt8] = [0x20, 0x01, 0x0d, 0xb8] + Array(repeating: 0, count: 11)
        return [0x60, 0, 0, 0, 0, UInt8(payload.count), next, 64] + network + [1] + network + [2] + payload
    }

    private static let arp: [UInt8] =
        [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 8, 0, 0, 0, 0, 0, 0, 10, 0, 0, 9]

    private func matches(
        _ ethertype: UInt16, _ bytes: [UInt8], _ change: (inout FilterOptions) -> Void
    ) throws -> Bool {
        var options = FilterOptions()
        change(&options)
        let run = ViewRun(try #require(try TranslatedFilter(options)))
        let replay = try #require(try ReplayFilter(options))
        var packet = ExtendedInterpreter.Packet(linear: bytes, length: bytes.count, ethertype: ethertype, ethernet: nil)
        let atL3 = try run.matches(packet)
        #expect(replay.matches(packet) == atL3, "a replay gives the answer of the kernel")
        packet.ethernet = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, UInt8(ethertype >> 8), UInt8(ethertype & 0xff)]
        #expect(try run.matches(packet) == atL3, "the start of the packet must not matter")
        #expect(replay.matches(packet) == atL3, "a replay gives the answer of the kernel")
        return atL3
    }

    @Test(
        arguments: [
            (0x02, "S", true), (0x12, "SA", true), (0x12, "s", true), (0x02, "SA", false), (0x10, "S", false),
            (0xff, "SARPFUEC", true), (0x7f, "SARPFUEC", false), (0x42, "SE", true), (0x80, "C", true),
            (0x04, "R", true),
        ] as [(UInt8, String, Bool)])
    func everyNamedFlagIsSet(flags: UInt8, letters: String, expected: Bool) throws {
        #expect(try matches(0x0800, Self.ipv4(6, Self.tcp(flags))) { $0.tcpFlags = [letters] } == expected)
        #expect(try matches(0x0800, Self.ipv4(6, Self.tcp(flags), options: 40)) { $0.tcpFlags = [letters] } == expected)
        #expect(try matches(0x86dd, Self.ipv6(6, Self.tcp(flags))) { $0.tcpFlags = [letters] } == expected)
        #expect(try !matches(0x0800, Self.ipv4(17, Self.tcp(flags))) { $0.tcpFlags = [letters] })
        #expect(try !matches(0x86dd, Self.ipv6(17, Self.tcp(flags))) { $0.tcpFlags = [letters] })
    }

    @Test func aTagInThePacketIsNoObstacle() throws {
        let tagged: [UInt8] = [0, 77, 0x08, 0x00] + Self.ipv4(6, Self.tcp(2))
        let untagged = Array(tagged.dropFirst(4))
        for ethertype: UInt16 in [0x8100, 0x88a8] {
            #expect(try matches(ethertype, tagged) { $0.destinationPorts = ["80"] })
            #expect(try matches(ethertype, tagged) { $0.expressions = ["tcp[tcpflags] & tcp-syn != 0"] })
            #expect(try !matches(ethertype, tagged) { $0.destinationPorts = ["81"] })
        }
        for outer: UInt16 in [0x8100, 0x88a8] {
            let twice: [UInt8] = [0, 9, 0x81, 0x00] + tagged
            #expect(try matches(outer, twice) { $0.destinationPorts = ["80"] })
            #expect(try matches(outer, twice) { $0.expressions = ["dst host 192.168.1.1 and tcp"] })
            #expect(try matches(outer, twice) { $0.tcpFlags = ["S"] })
            #expect(try !matches(outer, twice) { $0.destinationPorts = ["81"] })
            #expect(try !matches(outer, twice) { $0.expressions = ["not dst port 80"] })
            #expect(try matches(outer, twice) { $0.expressions = ["vlan 9 and vlan 77 and tcp"] })
        }
        #expect(try !matches(0x8101, tagged) { $0.destinationPorts = ["80"] })
        #expect(try matches(0x0800, untagged) { $0.destinationPorts = ["80"] })
        // An expression that names VLAN tags sees them.
        #expect(try matches(0x8100, tagged) { $0.expressions = ["vlan 77 and tcp"] })
        #expect(try !matches(0x0800, untagged) { $0.expressions = ["vlan and tcp"] })
    }

    @Test(arguments: [
        ("10.0.0.8", true), ("10.0.0.1/24", true), ("10.0.0.0/28,2001:db8::/32", true), ("10.0.0.0/29", false),
        ("192.168.1.1", false), ("2001:db8::1", false), ("0.0.0.0/0", true),
    ])
    func sources(value: String, expected: Bool) throws {
        #expect(try matches(0x0800, Self.ipv4(6, Self.tcp(2))) { $0.sources = [value] } == expected)
        #expect(try matches(0x0806, Self.arp) { $0.sources = [value] } == expected)
    }

    @Test func addressesOfIPv6() throws {
        let packet = Self.ipv6(6, Self.tcp(2))
        #expect(try matches(0x86dd, packet) { $0.sources = ["2001:db8::1"] })
        #expect(try !matches(0x86dd, packet) { $0.destinations = ["2001:db8::1"] })
        #expect(try matches(0x86dd, packet) { $0.addresses = ["2001:db8::2/127"] })
        #expect(try !matches(0x86dd, packet) { $0.addresses = ["2001:db9::/32"] })
    }

    @Test func portsOfFirstFragmentsOnly() throws {
        for options in [0, 4, 40] {
            let whole = Self.ipv4(6, Self.tcp(2), options: options)
            #expect(try matches(0x0800, whole) { $0.destinationPorts = ["80"] })
            #expect(try matches(0x0800, whole) { $0.sourcePorts = ["39999-40001"] })
            #expect(try !matches(0x0800, whole) { $0.sourcePorts = ["80,81"] })
            let later = Self.ipv4(6, Self.tcp(2), fragment: 9, options: options)
            #expect(try !matches(0x0800, later) { $0.ports = ["80"] })
            #expect(try matches(0x0800, later) { $0.addresses = ["10.0.0.8"] })
        }
    }

    @Test func protocols() throws {
        #expect(try matches(0x0806, Self.arp) { $0.protocols = ["arp"] })
        #expect(try !matches(0x0806, Self.arp) { $0.protocols = ["ip,ip6"] })
        #expect(try matches(0x0800, Self.ipv4(47, [0, 0, 8, 0])) { $0.protocols = ["gre"] })
        #expect(try matches(0x86dd, Self.ipv6(47, [0, 0, 8, 0])) { $0.protocols = ["tcp", "47"] })
        #expect(try matches(0x86dd, Self.ipv6(58, [128, 0, 0, 0])) { $0.protocols = ["icmpv6"] })
        #expect(try !matches(0x86dd, Self.ipv6(58, [128, 0, 0, 0])) { $0.protocols = ["icmp"] })
    }

    /// No excluded filter may match.
    @Test func excluded() throws {
        let tcp = Self.ipv4(6, Self.tcp(2))
        let udp = Self.ipv4(17, Self.tcp(2))
        func without(_ change: (inout FilterOptions) -> Void) -> FilterOptions {
            var options = FilterOptions()
            change(&options)
            return options
        }
        let noTCP = without { $0.protocols = ["tcp", "arp"] }
        #expect(try !matches(0x0800, tcp) { $0.excluded = [noTCP] })
        #expect(try matches(0x0800, udp) { $0.excluded = [noTCP] })
        #expect(try !matches(0x0806, Self.arp) { $0.excluded = [noTCP] })
        let noSYN = without { $0.tcpFlags = ["SYN"] }
        #expect(try !matches(0x0800, tcp) { $0.excluded = [noSYN] })
        #expect(try matches(0x0800, Self.ipv4(6, Self.tcp(0x10))) { $0.excluded = [noSYN] })
        #expect(try matches(0x0800, udp) { $0.excluded = [noSYN] })
        // Each excluded condition counts alone: neither this address nor that port.
        let neither = without {
            $0.addresses = ["10.9.9.9"]
            $0.expressions = ["dst port 80"]
        }
        #expect(try !matches(0x0800, tcp) { $0.excluded = [neither] })
        #expect(
            try matches(0x0800, udp) {
                $0.expressions = ["udp"]
                $0.excluded = [without { $0.addresses = ["10.9.9.9"] }]
            })
    }

    @Test func flagsByName() throws {
        let synack = Self.ipv4(6, Self.tcp(0x12))
        for flags in [["SYN,ACK"], ["S,A"], ["syn,ack"], ["SA"], ["RST", "SYN,ACK"]] {
            #expect(try matches(0x0800, synack) { $0.tcpFlags = flags }, "\(flags)")
            #expect(try !matches(0x0800, Self.ipv4(6, Self.tcp(2))) { $0.tcpFlags = flags }, "\(flags)")
        }
    }

    @Test func everythingMustHold() throws {
        let packet = Self.ipv4(6, Self.tcp(2))
        #expect(
            try matches(0x0800, packet) {
                $0.protocols = ["tcp"]
                $0.addresses = ["10.0.0.8"]
                $0.tcpFlags = ["S"]
                $0.expressions = ["udp or dst port 80"]
            })
        #expect(
            try !matches(0x0800, packet) {
                $0.addresses = ["10.0.0.8"]
                $0.expressions = ["udp or dst port 81"]
            })
    }
}
