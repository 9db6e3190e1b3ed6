import FilterLanguage
import Glibc
import PacketAgreement
import Protocols
import Testing

@testable import PacketFilter

/// Classic BPF as the kernel runs it on a packet of an Ethernet device (net/core/filter.c).
private struct ClassicMachine {
    let instructions: [ClassicInstruction]
    var hasTag = false
    var hardwareType: UInt32 = 1

    /// The number that the program returns; 0 if it reads beyond the packet.
    func run(_ packet: [UInt8]) -> UInt32 {
        var a: UInt32 = 0
        var place = 0
        while true {
            let one = instructions[place]
            place += 1
            switch one.code {
            case 0x20, 0x28, 0x30:
                switch one.k {
                case 0xffff_f030: a = hasTag ? 1 : 0
                case 0xffff_f01c: a = hardwareType
                default:
                    let size = one.code == 0x20 ? 4 : one.code == 0x28 ? 2 : 1
                    guard Int(one.k) + size <= packet.count else { return 0 }
                    a = packet[Int(one.k)..<Int(one.k) + size].reduce(0) { $0 << 8 | UInt32($1) }
                }
            case 0x80: a = UInt32(packet.count)
            case 0x74: a >>= one.k
            case 0x54: a &= one.k
            case 0x05: place += Int(one.k)
            case 0x15: place += Int(a == one.k ? one.jumpTrue : one.jumpFalse)
            case 0x25: place += Int(a > one.k ? one.jumpTrue : one.jumpFalse)
            case 0x35: place += Int(a >= one.k ? one.jumpTrue : one.jumpFalse)
            case 0x45: place += Int(a & one.k != 0 ? one.jumpTrue : one.jumpFalse)
            case 0x06: return one.k
            default: Issue.record("an unknown instruction: \(one)")
            }
        }
    }
}

@Suite struct PrefilterTests {
    private static let packets = PacketAgreement.PacketCorpus.all.filter { $0.from == "ether" }

    private func prefilter(_ text: String) throws -> PacketPrefilter? {
        var names = FilterNames()
        names.services = { name, _ in name == "https" ? 443 : nil }
        return PacketPrefilter(try Filter(text, names: names).expression)
    }

    /// Accepts what the whole filter accepts; returns how many packets it refuses.
    private func check(_ expression: FilterExpression, _ packets: [PacketCase], cutting: Bool) throws -> Int {
        guard let prefilter = PacketPrefilter(expression) else { return 0 }
        // The kernel's own check.
        _ = try ClassicProgram(
            validating: prefilter.instructions.map {
                // Loads beside the packet are not libpcap's.
                $0.k >= 0x8000_0000 && $0.code == 0x20 ? ClassicInstruction(code: 0x80) : $0
            }, expression: "")
        let machine = ClassicMachine(instructions: prefilter.instructions)
        var evaluator = FilterEvaluator(expression)
        var refused = 0
        for packet in packets {
            for count in cutting ? Array(stride(from: packet.bytes.count, through: 1, by: -7)) : [packet.bytes.count] {
                let bytes = Array(packet.bytes.prefix(count))
                let isKept = machine.run(bytes) > 0
                let layers = PacketLayers(bytes.span.bytes, from: .link(1))
                if !isKept {
                    refused += 1
                    let isWanted = evaluator.matches(layers, bytes.span.bytes)
                    #expect(!isWanted, "\(expression) on \(packet), \(count) bytes")
                }
            }
        }
        return refused
    }

    /// Random filters over the corpus, its packets whole and cut: FILTERS=100000 for more.
    @Test func theKernelRefusesNothingThatTheFilterAccepts() throws {
        let count = getenv("FILTERS").flatMap { Int(String(cString: $0)) } ?? 2000
        var random = PrefilterGenerator(seed: 9)
        var refused = 0
        for _ in 0..<count {
            refused += try check(random.expression(depth: 3), Self.packets, cutting: random.next() % 16 == 0)
        }
        #expect(refused > count)
    }

    /// Mutated packets: headers that contradict themselves.
    @Test func brokenPacketsAreNotRefused() throws {
        var random = PrefilterGenerator(seed: 10)
        let filters = try [
            "tcp.dport 443", "not tcp", "udp", "not udp.sport 53", "ip.src 10.0.0.1", "not ip", "ip6.dst fe80::1",
            "ether.dst 2:0:0:0:0:2", "arp", "not arp", "icmp", "not icmp.type 8", "tcp.flags.syn", "ip.len > 100",
        ].map { try Filter($0).expression }
        for _ in 0..<40 {
            let packets = Self.packets.map { packet -> PacketCase in
                var bytes = packet.bytes
                for _ in 0...random.next() % 3 {
                    bytes[Int(random.next() % UInt64(min(60, bytes.count)))] = UInt8(truncatingIfNeeded: random.next())
                }
                return PacketCase(file: packet.file, comment: packet.comment, from: "ether", bytes: bytes, expected: [])
            }
            for filter in filters { _ = try check(filter, packets, cutting: false) }
        }
    }

    @Test(arguments: [
        ("tcp.port https", "tcp.txt", 0, true), ("udp", "tcp.txt", 0, false), ("ip.src 10.9.9.9", "tcp.txt", 0, false),
        ("not tcp", "tcp.txt", 0, false), ("tcp.dport 22 or ip.dst 10.99.0.1", "tcp.txt", 0, false),
        ("ether.src 1:2:3:4:5:6", "tcp.txt", 0, false), ("tcp.flags & 4", "tcp.txt", 0, false),
        ("ip.len > 4000000000", "tcp.txt", 0, false), ("ip.len > -1", "tcp.txt", 0, true),
        // Only the whole packet decides.
        ("tls", "tcp.txt", 0, true), ("any.udp", "tcp.txt", 0, true), ("vlan", "vlan.txt", 0, true),
        ("tcp.dport 22 && tls", "tcp.txt", 0, false),
    ])
    func knownFilters(_ text: String, _ file: String, _ index: Int, _ isKept: Bool) throws {
        let packet = Self.packets.filter { $0.file == file }[index]
        let program = try prefilter(text)?.instructions ?? [ClassicInstruction(code: 0x06, k: 1)]
        #expect((ClassicMachine(instructions: program).run(packet.bytes) > 0) == isKept, "\(text)")
    }

    /// The kernel keeps tags beside the frame, and other devices have other headers.
    @Test func taggedFramesAndOtherDevicesAreKept() throws {
        let program = try #require(try prefilter("udp")).instructions
        let bytes = try #require(Self.packets.first { $0.file == "tcp.txt" }).bytes
        #expect(ClassicMachine(instructions: program).run(bytes) == 0)
        #expect(ClassicMachine(instructions: program, hasTag: true).run(bytes) > 0)
        #expect(ClassicMachine(instructions: program, hardwareType: 65534).run(bytes) > 0)
        #expect(ClassicMachine(instructions: program, hardwareType: 772).run(bytes) == 0)
    }

    @Test func filtersWithoutAKnownPartHaveNoProgram() throws {
        for text in ["any.tcp", "1", "tls.sni or dns.qname", "inner.ip.src 1"] { #expect(try prefilter(text) == nil) }
        let large = Array(repeating: "ip.src 10.0.0.1", count: 490).joined(separator: " or ")
        #expect(try prefilter(large) == nil)
    }
}

/// Random filters over the headers that the kernel's part knows, with constants at the edges of their ranges.
private struct PrefilterGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }

    private mutating func pick(_ words: [String]) -> String { words[Int(next() % UInt64(words.count))] }

    mutating func expression(depth: Int) -> FilterExpression {
        while true {
            // A text that is no filter, such as one that calculates with an address, is left out.
            if let filter = try? Filter(text(depth)) { return filter.expression }
        }
    }

    private mutating func text(_ depth: Int) -> String {
        guard depth > 0, next() % 4 > 0 else { return test() }
        switch next() % 6 {
        case 0: return "!(\(text(depth - 1)))"
        case 1, 2: return "(\(text(depth - 1)) && \(text(depth - 1)))"
        case 3, 4: return "(\(text(depth - 1)) || \(text(depth - 1)))"
        default: return "(\(text(depth - 1)), \(text(depth - 1)))"
        }
    }

    private mutating func test() -> String {
        let protocols = [
            "ether", "ip", "ip6", "tcp", "udp", "icmp", "icmp6", "arp", "vlan", "dns", "gre", "tls", "vxlan",
        ]
        if next() % 3 == 0 { return pick(["", "", "ip.", "any.", "inner."]) + pick(protocols) }
        let name = pick(protocols)
        let fields = ProtocolTable.named(name)?.fields.filter { !$0.isRun }.map(\.name) ?? []
        let field = pick(["", "", "", "any."]) + pick(fields.isEmpty ? ["ip.len"] : fields)
        let constant = pick([
            "0", "1", "-1", "2", "6", "17", "40", "53", "64", "443", "0x7fffffff", "0x80000000", "0xffffffff",
            "0x100000000",
            "10.0.0.1", "10.0.0.2", "0x0800", "0x86dd", "0x020000000002",
        ])
        switch next() % 6 {
        case 0: return field
        case 1: return "\(field) & \(constant)"
        case 2: return "(\(field) & \(constant)) == \(pick(["0", "1", "2"]))"
        case 3: return "\(constant) \(pick(["==", "<", ">=", "!="])) \(field)"
        default: return "\(field) \(pick(["==", "!=", "<", "<=", ">", ">="])) \(constant)"
        }
    }
}
