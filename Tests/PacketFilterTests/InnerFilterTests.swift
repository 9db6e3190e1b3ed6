import FilterInterpreter
import Testing

@testable import PacketFilter

/// `--inner` and `--quoted`, and headers before those that a filter reads.
@Suite struct InnerFilterTests {
    private typealias Build = PacketBuilder

    private static let outer: ([UInt8], [UInt8]) = ([10, 0, 0, 1], [10, 0, 0, 2])
    /// 192.168.7.8:40000 to 192.168.7.9:443
    private static let inside = Build.ipv4([192, 168, 7, 8], [192, 168, 7, 9], 6, Build.tcp(40000, 443))
    private static let inside6 = Build.ipv6(8, 9, 6, Build.tcp(40000, 443))

    private static func carry(_ proto: UInt8, _ payload: [UInt8]) -> [UInt8] {
        Build.ipv4(outer.0, outer.1, proto, payload)
    }

    /// The result, which must be the same for the kernel's filter and the replay's.
    private func matches(
        _ etherType: UInt16, _ bytes: [UInt8], _ change: (inout FilterOptions) -> Void
    ) throws -> Bool {
        var options = FilterOptions()
        change(&options)
        let packet = ExtendedInterpreter.Packet(
            linear: bytes, length: bytes.count, ethertype: etherType, ethernet: nil)
        let kernel = try ViewRun(try #require(try TranslatedFilter(options))).matches(packet)
        #expect(try #require(try ReplayFilter(options)).matches(packet) == kernel)
        return kernel
    }

    private static let tunnels: [(String, UInt16, [UInt8])] = [
        ("IPIP", 0x0800, carry(4, inside)),
        ("SIT", 0x0800, carry(41, inside6)),
        ("GRE", 0x0800, carry(47, [0, 0, 8, 0] + inside)),
        (
            "GRE with checksum, key and sequence", 0x0800,
            carry(47, [0xb0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 1] + inside)
        ),
        ("GRETAP", 0x0800, carry(47, [0, 0, 0x65, 0x58] + Build.frame(0x0800, inside))),
        ("ERSPAN I", 0x0800, carry(47, [0, 0, 0x88, 0xbe] + Build.frame(0x0800, inside))),
        (
            "ERSPAN II", 0x0800,
            carry(47, [0x10, 0, 0x88, 0xbe, 0, 0, 0, 1, 0x10, 0, 0, 7, 0, 0, 0, 0] + Build.frame(0x0800, inside))
        ),
        (
            "ERSPAN III", 0x0800,
            carry(
                47,
                [0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 0] + Build.frame(0x0800, inside))
        ),
        (
            "ERSPAN III with a subheader", 0x0800,
            carry(
                47,
                [0x10, 0, 0x22, 0xeb, 0, 0, 0, 1, 0x20, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 1, 9, 9, 9, 9, 9, 9, 9, 9]
                    + Build.frame(0x0800, inside))
        ),
        ("VXLAN", 0x0800, carry(17, Build.vxlan(Build.frame(0x0800, inside)))),
        ("VXLAN with a tag inside", 0x0800, carry(17, Build.vxlan(Build.frame(0x8100, [0, 5, 8, 0] + inside)))),
        ("VXLAN over IPv6", 0x86dd, Build.ipv6(1, 2, 17, Build.vxlan(Build.frame(0x86dd, inside6)))),
        (
            "VXLAN in a VLAN", 0x8100,
            [0, 3, 8, 0] + carry(17, Build.vxlan(Build.frame(0x86dd, inside6)))
        ),
        (
            "Geneve with options", 0x0800,
            carry(
                17,
                Build.udp(
                    1, 6081, [2, 0, 0x65, 0x58, 0, 0, 1, 0, 1, 2, 3, 4, 5, 6, 7, 8] + Build.frame(0x0800, inside)))
        ),
        ("Geneve with IP", 0x0800, carry(17, Build.udp(1, 6081, [0, 0, 8, 0, 0, 0, 1, 0] + inside))),
        ("GTP-U", 0x0800, carry(17, Build.udp(2152, 2152, [0x30, 255, 0, 40, 0, 0, 0, 9] + inside))),
        (
            "GTP-U with extensions", 0x0800,
            carry(17, Build.udp(2152, 2152, [0x34, 255, 0, 48, 0, 0, 0, 9, 0, 0, 0, 0x85, 1, 0, 9, 0] + inside6))
        ),
        (
            "segment routing", 0x86dd,
            Build.ipv6(1, 2, 43, [41, 4, 4, 1, 1, 0, 0, 0] + Array(repeating: 0x20, count: 32) + inside6)
        ),
        ("VXLAN in IPIP", 0x0800, carry(4, carry(17, Build.vxlan(Build.frame(0x0800, inside))))),
    ]

    @Test(arguments: tunnels.indices)
    func innerHeadersMatchInside(tunnel: Int) throws {
        let (name, etherType, bytes) = Self.tunnels[tunnel]
        let filters: [(inout FilterOptions) -> Void] = [
            { $0.destinationPorts = ["443"] }, { $0.ports = ["40000"] },
            { $0.addresses = ["192.168.7.9,2001:db8::9"] }, { $0.tcpFlags = ["S"] }, { $0.protocols = ["tcp"] },
            { $0.expressions = ["tcp dst port 443 and src port 40000"] },
            { $0.ports = (430...450).map(String.init) },
            { $0.destinations = (0...40).map { "192.168.7.\($0),2001:db8::\($0 + 8)" } },
        ]
        for (index, filter) in filters.enumerated() {
            let isFound = try matches(etherType, bytes) {
                filter(&$0)
                $0.inner = true
            }
            #expect(isFound, "\(name), filter \(index)")
            #expect(try !matches(etherType, bytes, filter), "\(name), filter \(index), without --inner")
        }
        #expect(
            try !matches(etherType, bytes) {
                $0.ports = ["444"]
                $0.inner = true
            }, "\(name)")
        // All conditions must hold for the same packet, not for different layers.
        #expect(
            try !matches(etherType, bytes) {
                $0.expressions = ["port 443 and (host 10.0.0.1 or host 2001:db8::1)"]
                $0.inner = true
            }, "\(name)")
    }

    @Test func outerHeadersMatchAsEver() throws {
        let bytes = Self.carry(17, Build.vxlan(Build.frame(0x0800, Self.inside)))
        for inner in [false, true] {
            #expect(
                try matches(0x0800, bytes) {
                    $0.ports = ["4789"]
                    $0.inner = inner
                })
        }
        // Another protocol on the port: the flag for a valid network identifier is missing.
        let other = Self.carry(17, Build.udp(1, 4789, [0, 0, 0, 0, 0, 0, 42, 0] + Build.frame(0x0800, Self.inside)))
        #expect(
            try !matches(0x0800, other) {
                $0.ports = ["443"]
                $0.inner = true
            })
    }

    @Test func errorsMatchByWhatTheyQuote() throws {
        let quote = Array(Self.inside.prefix(28))
        let quote6 = Array(Self.inside6.prefix(60))
        let errors: [(UInt16, [UInt8])] = [
            (0x0800, Build.ipv4([10, 0, 0, 9], [192, 168, 7, 8], 1, [3, 4, 0, 0, 0, 0, 5, 0] + quote)),
            (0x0800, Build.ipv4([10, 0, 0, 9], [192, 168, 7, 8], 1, [11, 0, 0, 0, 0, 0, 0, 0] + quote)),
            (0x86dd, Build.ipv6(1, 8, 58, [2, 0, 0, 0, 0, 0, 5, 0] + quote6)),
        ]
        for (etherType, bytes) in errors {
            #expect(
                try matches(etherType, bytes) {
                    $0.destinationPorts = ["443"]
                    $0.quoted = true
                })
            #expect(
                try !matches(etherType, bytes) {
                    $0.destinationPorts = ["444"]
                    $0.quoted = true
                })
            for inner in [false, true] {
                #expect(
                    try !matches(etherType, bytes) {
                        $0.destinationPorts = ["443"]
                        $0.inner = inner
                    })
            }
        }
        let echo = Build.ipv4([10, 0, 0, 9], [192, 168, 7, 8], 1, [8, 0, 0, 0, 0, 0, 0, 0] + quote)
        #expect(
            try !matches(0x0800, echo) {
                $0.destinationPorts = ["443"]
                $0.quoted = true
            })
    }

    /// The header of a jumbogram, a routing header, and the header of a first fragment.
    @Test(
        arguments: [
            (0, [6, 0, 0xc2, 4, 0, 1, 0x80, 0]), (60, [6, 0, 1, 4, 0, 0, 0, 0]),
            (43, [6, 2, 4, 0, 0, 0, 0, 0] + Array(repeating: 7, count: 16)), (44, [6, 0, 0, 1, 0, 0, 0, 9]),
        ] as [(UInt8, [UInt8])])
    func extensionHeadersAreNoObstacle(next: UInt8, header: [UInt8]) throws {
        let bytes = Build.ipv6(1, 2, next, header + Build.tcp(40000, 443))
        #expect(try matches(0x86dd, bytes) { $0.expressions = ["tcp dst port 443"] })
        #expect(try matches(0x86dd, bytes) { $0.protocols = ["tcp"] })
        #expect(try matches(0x86dd, bytes) { $0.ports = ["443"] })
        #expect(try matches(0x86dd, bytes) { $0.tcpFlags = ["S"] })
        #expect(try matches(0x86dd, bytes) { $0.expressions = ["len = \(bytes.count + 14)"] })
        #expect(try !matches(0x86dd, bytes) { $0.ports = ["444"] })
        // A filter that reads extension headers sees them.
        #expect(try matches(0x86dd, bytes) { $0.expressions = ["ip6[6] = \(next)"] })
        #expect(try matches(0x86dd, bytes) { $0.protocols = ["\(next)"] })
        let ping = Build.ipv6(1, 2, next, [58] + header.dropFirst() + [128, 0, 0, 0, 0, 0, 0, 0])
        #expect(try matches(0x86dd, ping) { $0.expressions = ["ip6 proto \(next)"] })
    }

    @Test func laterFragmentsHaveNoPorts() throws {
        let bytes = Build.ipv6(1, 2, 44, [6, 0, 0, 9, 0, 0, 0, 9] + Build.tcp(40000, 443))
        #expect(try !matches(0x86dd, bytes) { $0.ports = ["443"] })
        #expect(try matches(0x86dd, bytes) { $0.addresses = ["2001:db8::1"] })
    }
}
