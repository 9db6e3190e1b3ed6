@testable import FilterLanguage
import Glibc
import PacketAgreement
import Protocols
import Testing

/// Whether a filter accepts a packet; the naive evaluator must agree.
func accepts(_ text: String, _ packet: PacketCase) throws -> Bool {
    let filter = try parsed(text)
    let bytes = packet.bytes.span.bytes
    var evaluator = FilterEvaluator(filter.expression)
    let answer = evaluator.matches(PacketLayers(bytes, from: packet.first), bytes)
    #expect(answer == NaiveEvaluator(packet.bytes, from: packet.first).isTrue(filter.expression), "\(text)")
    return answer
}

func packet(_ file: String, _ index: Int = 0) -> PacketCase { PacketCorpus.all.filter { $0.file == file }[index] }

@Suite struct EvaluatorTests {
    /// Filters that accept, and some that refuse, with `!` in front.
    @Test(arguments: [
        (
            "tcp.txt", 0,
            "tcp|ip.tcp|ether.tcp|tcp.dport 443|tcp.port https|tcp.flags & SYN|tcp.flags.syn|!udp|!tcp.flags.ack"
        ),
        (
            "tcp.txt", 0,
            "tcp.maxseg 1460|tcp.ts|tcp.ts.val 100|!tcp.sack|ip.ttl - 63|!ip.ttl - 64|ip.between 10.0.0.1 10.0.0.2"
        ),
        ("tcp.txt", 0, "ip.src fergie|ip.src 10.0.0.1 ip.dst my-host|ip.dst www.example.com or ip.src www.example.com"),
        (
            "tcp.txt", 0,
            "!ip.dst www.example.com|ip.dst != www.example.com|ether.src 2:0:0:0:0:2|src 2:0:0:0:0:2|dst gate"
        ),
        (
            "tcp.txt", 0,
            "!udp.dport != 53|not udp.dport 53|tcp.dport & 0x1ff 443|ip.src > 10.0.0.0|!ip.src < 0|tcp.seq > 0"
        ),
        (
            "tcp.txt", 1,
            "tcp.sack|!tcp.maxseg|!tcp.ts|tcp.dport != 443|ip.len 57|ip.p tcp|ether.type ip|ip.netmask 0xffffff00"
        ),
        ("tcp.txt", 2, "tcp|tcp.sport 51234|!tcp.win|!tcp.win 0|!tcp.win != 0|not tcp.win != 0|!tcp.flags & 0"),
        ("vlan.txt", 0, "udp|ip.udp|vlan|vlan.ip|vlan.vid 100|!vlan.vlan|udp.dport domain|ip.dst 10.0.0.2"),
        ("vlan.txt", 1, "vlan.vid 5|vlan.vlan.vid 6|vlan.vlan.dei|ip6.udp|udp.dport 2|!ip|ip6.src 2001:db8::1"),
        ("ip6.txt", 0, "ip6|!ip"),
        ("tcp.txt", 0, "1/0 || tcp|!1/0|!1%0|!(1/0 == 0)|-1 < 0|1 << 65 == 2|-8 >> 1 == -4|!0xffffffff == -1|~0 == -1"),
        ("tcp.txt", 0, "'A' == 65|'\\n' == 10|010 == 8|10u == 10|(1, 0) + 1|0x7fffffffffffffff + 1 < 0"),
    ])
    func documentedMeaning(_ file: String, _ index: Int, _ filters: String) throws {
        for part in filters.replacing("||", with: "\u{1}").split(separator: "|") {
            let text = String(part.replacing("\u{1}", with: "||"))
            let isRefused = text.hasPrefix("!")
            #expect(
                try accepts(isRefused ? String(text.dropFirst()) : text, packet(file, index)) == !isRefused, "\(text)")
        }
    }

    /// docs/FILTER-LANGUAGE.md has this table: the outermost packet, the packet in a tunnel or a quote, any of them.
    @Test(arguments: [
        // IPv4 in IPv4 in IPv6.
        (
            "ipip.txt", 0,
            "ip6|ip6.ip|ip6.ip.ip|inner.ip|inner.inner.udp|any.udp|inner.inner.ip.src 192.0.2.1|any.ip.src 10.0.0.1"
        ),
        (
            "ipip.txt", 0,
            "!ip|!udp|!inner.udp|!ip6.udp|!inner.inner.inner.ip|!any.tcp|!any.ip.between 10.0.0.1 192.0.2.2"
        ),
        (
            "ipip.txt", 0,
            "inner.ip.src 10.0.0.1|any.ip.between 192.0.2.1 192.0.2.2|ip6.ip.src 10.0.0.1|!inner.ip.src 192.0.2.1"
        ),
        // An error that quotes a packet.
        (
            "icmp.txt", 1,
            "icmp|ip.icmp|!tcp|!ip.tcp|inner.tcp|any.tcp|icmp.ip|icmp.ip.tcp|!icmp.tcp|inner.tcp.dport 443"
        ),
        ("icmp.txt", 1, "ip.src 10.0.0.1|inner.ip.src 10.0.0.2|any.ip.dst 10.9.0.1|!any.ip.dst 10.9.9.9|icmp.mtu 1400"),
        // A tunnel with Ethernet frames.
        ("vxlan.txt", 0, "vxlan|udp.vxlan|vxlan.ether|vxlan.ip|inner.ether|!vxlan.udp|any.ip && any.ether"),
        ("gre.txt", 0, "gre|ip.gre"),
    ])
    func repeatedHeaders(_ file: String, _ index: Int, _ filters: String) throws {
        try documentedMeaning(file, index, filters)
    }

    /// Random filters over all packets of the corpus, some of them cut: FILTERS=100000 for more.
    @Test func evaluatorAgreesWithTheNaiveOne() throws {
        let count = getenv("FILTERS").flatMap { Int(String(cString: $0)) } ?? 300
        var random = FilterGenerator(seed: 15)
        let packets = PacketCorpus.all.map { packet in
            (packet, PacketLayers(packet.bytes.span.bytes, from: packet.first))
        }
        var accepted = 0
        for _ in 0..<count {
            let expression = random.expression(depth: 4)
            var evaluator = FilterEvaluator(expression)
            for (packet, layers) in packets where random.next() % 8 == 0 {
                let answer = evaluator.matches(layers, packet.bytes.span.bytes)
                let expected = NaiveEvaluator(packet.bytes, from: packet.first).isTrue(expression)
                #expect(answer == expected, "\(expression) on \(packet)")
                accepted += answer ? 1 : 0
                let cut = Array(packet.bytes.prefix(Int(random.next() % UInt64(packet.bytes.count + 1))))
                let short = PacketLayers(cut.span.bytes, from: packet.first, length: packet.bytes.count)
                let shortAnswer = evaluator.matches(short, cut.span.bytes)
                let shortExpected = NaiveEvaluator(cut, from: packet.first, length: packet.bytes.count).isTrue(
                    expression)
                #expect(shortAnswer == shortExpected, "\(expression) on \(packet), cut")
            }
        }
        #expect(accepted > count / 4)
    }

    /// A chain of the largest length is evaluated without recursion, and read within the stack.
    @Test func longFiltersAreEvaluated() throws {
        let text = Array(repeating: "ip.ttl == 63", count: 499).joined(separator: " || ") + " || tcp"
        #expect(try accepts(text, packet("tcp.txt")))
    }
}
