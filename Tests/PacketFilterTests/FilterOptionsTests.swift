import Testing

@testable import PacketFilter

@Suite struct FilterOptionsTests {
    private func text(_ change: (inout FilterOptions) -> Void) throws -> String? {
        var options = FilterOptions()
        change(&options)
        return try options.parsed().expression
    }

    /// The text of the error.
    private func message(_ change: (inout FilterOptions) -> Void) -> String {
        do {
            let result = try text(change)
            return "no error: \(result ?? "nil")"
        } catch {
            return "\(error)"
        }
    }

    @Test func noOptionsAreNoFilter() throws {
        #expect(try text { _ in } == nil)
        #expect(try text { $0.expressions = ["  \n"] } == nil)
        #expect(try TranslatedFilter(FilterOptions()) == nil)
    }

    @Test(arguments: [
        ("10.0.0.8", "host 10.0.0.8"), ("2001:db8::1", "host 2001:db8::1"), ("::ffff:10.0.0.8", "host ::ffff:10.0.0.8"),
        ("10.0.0.8/24", "net 10.0.0.0/24"), ("10.1.2.3/9", "net 10.0.0.0/9"), ("10.0.0.8/32", "net 10.0.0.8/32"),
        ("0.0.0.0/0", "net 0.0.0.0/0"), ("2001:db8::1/32", "net 2001:db8::/32"), ("::/0", "net ::/0"),
        ("2001:db8::ff/123", "net 2001:db8::e0/123"), ("localhost", "host \\localhost"),
        ("10.0.0.8, 2001:db8::/48", "host 10.0.0.8 or net 2001:db8::/48"),
    ])
    func addresses(value: String, expected: String) throws {
        #expect(try text { $0.addresses = [value] } == expected)
    }

    @Test func directions() throws {
        let result = try text {
            $0.sources = ["10.0.0.8"]
            $0.destinations = ["10.0.0.0/8"]
            $0.sourcePorts = ["80"]
            $0.destinationPorts = ["8000-9000", "443"]
        }
        #expect(
            result == "(src host 10.0.0.8) and (dst net 10.0.0.0/8) and (src port 80) "
                + "and (dst portrange 8000-9000 or dst port 443)")
    }

    @Test(arguments: [
        ("ip", "ip"), ("IPv4", "ip"), ("ipv6", "ip6"), ("ip6", "ip6"), ("arp", "arp"), ("rarp", "rarp"),
        ("vlan", "vlan"),
        ("TCP", "tcp"), ("udp", "udp"), ("icmp", "icmp"), ("icmpv6", "icmp6"), ("igmp", "igmp"), ("sctp", "sctp"),
        ("gre", "proto 47"), ("esp", "proto 50"), ("ah", "proto 51"), ("ipip", "proto 4"), ("pim", "proto 103"),
        ("vrrp", "proto 112"), ("ospf", "proto 89"), ("0", "proto 0"), ("255", "proto 255"), ("tcp,udp", "tcp or udp"),
    ])
    func protocols(value: String, expected: String) throws {
        #expect(try text { $0.protocols = [value] } == expected)
        var options = FilterOptions()
        options.protocols = [value]
        #expect(try TranslatedFilter(options)?.instructions.last == 0x95, "the last instruction is an exit")
    }

    @Test(arguments: [
        ("80", "port 80"), ("0", "port 0"), ("65535", "port 65535"), ("8000-9000", "portrange 8000-9000"),
        ("80-80", "port 80"), ("80,443", "port 80 or port 443"),
    ])
    func ports(value: String, expected: String) throws {
        #expect(try text { $0.ports = [value] } == expected)
    }

    @Test func optionsCombineAndTheExpressionComesLast() throws {
        let result = try text {
            $0.expressions = ["icmp or udp"]
            $0.protocols = ["vlan"]
            $0.addresses = ["10.0.0.8"]
        }
        #expect(result == "(vlan) and (host 10.0.0.8) and (icmp or udp)")
    }

    @Test(arguments: [["icmp"], ["icmp,arp"], ["1"], ["gre"], ["ICMP6"]])
    func portsNeedAProtocolThatHasSome(_ protocols: [String]) {
        let words = message {
            $0.protocols = protocols
            $0.ports = ["80"]
        }
        #expect(words.hasPrefix("no packet can match"), "\(words)")
        #expect(
            message {
                $0.protocols = protocols + ["tcp"]
                $0.ports = ["80"]
            }.hasPrefix("no error"))
    }

    @Test func flagsAreThoseOfTCP() {
        #expect(
            message {
                $0.protocols = ["udp"]
                $0.tcpFlags = ["S"]
            }.hasPrefix("no packet can match"))
    }

    @Test func tcpFlagsReadBothVersionsOfIP() throws {
        #expect(try text { $0.tcpFlags = ["sA"] } == "tcp[13] & 18 = 18 or (ip6[6] = 6 and ip6[53] & 18 = 18)")
        #expect(try text { $0.tcpFlags = ["SARPFUEC"] }?.hasPrefix("tcp[13] & 255 = 255") == true)
    }

    @Test(arguments: [
        ("10.0.0", "--addr '10.0.0': this is not a complete IPv4 address; "),
        ("10.0.0.256", "--addr '10.0.0.256': this is not a complete IPv4 address; "),
        ("10.0.0.0/33", "--addr '10.0.0.0/33': '33' is not a prefix length; use a number from 0 to 32"),
        ("::/129", "--addr '::/129': '129' is not a prefix length; use a number from 0 to 128"),
        ("10.0.0.0/-1", "--addr '10.0.0.0/-1': '-1' is not a prefix length"),
        ("10.0.0.0/99999999999999999999", "--addr '10.0.0.0/99999999999999999999': '9"),
        ("10.0.0.0/", "--addr '10.0.0.0/': '' is not a prefix length"),
        ("localhost/8", "--addr 'localhost/8': 'localhost' is not a complete IPv4 or IPv6 address"),
        ("02:00:00:00:00:01", "--addr '02:00:00:00:00:01': this is not an IPv6 address; for a MAC address"),
        ("fe80::1%eth0", "--addr 'fe80::1%eth0': a filter address cannot name an interface"),
        ("10.0.0.8,", "--addr '10.0.0.8,': a value is missing"),
        ("", "--addr '': a value is missing"),
        ("host) or (tcp", "--addr 'host) or (tcp': this is neither an address, a network nor a host name"),
        ("bücher", "--addr 'bücher': this is neither an address"),
    ])
    func addressErrors(value: String, expected: String) {
        #expect(message { $0.addresses = [value] }.hasPrefix(expected))
    }

    @Test(arguments: [
        ("65536", "--dport '65536': ports end at 65535"),
        ("9000-8000", "--dport '9000-8000': the range ends before it starts; write 8000-9000"),
        ("80-", "--dport '80-': this is not a range"), ("-", "--dport '-': this is not a range"),
        ("1-2-3", "--dport '1-2-3': this is not a range"),
        ("99999999999999999999", "--dport '99999999999999999999': ports end"),
        ("no-such-service", "--dport 'no-such-service': no service of this name"),
        ("80 or tcp", "--dport '80 or tcp': no service"),
    ])
    func portErrors(value: String, expected: String) {
        #expect(message { $0.destinationPorts = [value] }.hasPrefix(expected))
    }

    @Test(arguments: [
        ("256", "--proto '256': IP protocol numbers end at 255"),
        ("no-such-protocol", "--proto 'no-such-protocol': no protocol"),
        ("tcp or udp", "--proto 'tcp or udp': no protocol"),
        ("vlan,arp", "--proto 'vlan,arp': a VLAN tag moves all headers"),
    ])
    func protocolErrors(value: String, expected: String) {
        #expect(message { $0.protocols = [value] }.hasPrefix(expected))
    }

    @Test func otherErrors() {
        #expect(
            message { $0.tcpFlags = ["SX"] }.hasPrefix("--tcp-flags 'SX': 'X' is not a TCP flag; use the letters S "))
        #expect(message { $0.tcpFlags = [""] }.hasPrefix("--tcp-flags '': no flag is named"))
        #expect(message { $0.expressions = ["foo bar"] }.contains("'foo bar': can't parse filter expression: syntax"))
        #expect(message { $0.expressions = ["tcp) or (udp"] }.contains("syntax error"))
        #expect(message { $0.expressions = ["tcp\0"] }.contains("NUL"))
        #expect(message { $0.expressions = ["inbound"] }.contains("use --interface"))
        #expect(message { $0.expressions = ["ip6 protochain 6"] }.contains("needs a loop"))
    }

    @Test func contradictionsComeWithAdvice() {
        var options = FilterOptions()
        options.protocols = ["arp"]
        options.ports = ["80"]
        #expect(throws: FilterError.contradiction(expression: "(arp) and (port 80)")) { try TranslatedFilter(options) }
    }
}
