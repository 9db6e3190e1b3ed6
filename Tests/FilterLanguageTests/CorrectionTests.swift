@testable import FilterLanguage
import Testing

@Suite struct CorrectionTests {
    /// The cases of the founding document and of its grammar.
    @Test(arguments: [
        ("ip.dst fergie udp.dport 1023", "ip.dst == fergie && udp.dport == 1023"),
        ("nfs ip.src elwood ip.dst jake", "nfs && ip.src == elwood && ip.dst == jake"),
        ("ip.between jake elwood and tcp.port login", "unchanged"),
        ("udp and ip.src=jake and ip.dst=broadcast", "unchanged"),
        ("1", "unchanged"),
        ("tcp tcp.dport 22", "tcp && tcp.dport == 22"),
        ("ip.src elwood or ip.dst elwood", "ip.src == elwood || ip.dst == elwood"),
        ("ip.between jake elwood tcp.port login", "ip.between jake elwood && tcp.port login"),
        ("not arp ip.len > 100", "!arp && ip.len > 100"),
        ("(ip.src jake) (udp.dport 53)", "(ip.src == jake) && (udp.dport == 53)"),
        ("ip.len + 14 1514", "ip.len + 14 == 1514"),
        ("tcp.flags & SYN tcp.dport 80", "tcp.flags & SYN && tcp.dport == 80"),
        ("ether.dst BROADCAST arp", "ether.dst == BROADCAST && arp"),
        ("icmp.type 8 ip.src 10.1.0.2 ip.ttl < 5", "icmp.type == 8 && ip.src == 10.1.0.2 && ip.ttl < 5"),
        ("define(web, tcp.port 80) web", "define(web, tcp.port 80) && web"),
        ("!ip.src elwood", "!ip.src && elwood"),
        ("ip.len -14 70", "ip.len - 14 == 70"),
    ])
    func documented(_ raw: String, _ corrected: String) {
        #expect(outcome(raw) == corrected)
    }

    @Test func aBlankMustPrecedeMinus() {
        #expect(
            outcome("ip.len-14 70") == "4: ip has no field, macro or name 'len-14': a blank must precede the operator -"
        )
        #expect(outcome("ip.dst my-host") == "ip.dst == my-host")
        #expect(outcome("10-3") == "1: '10-3' is unknown in ether: a blank must precede the operator -")
    }

    /// The corrected filter means the same as the raw one, and needs no correction.
    @Test(arguments: [
        ("tcp.flags.syn tcp.dport 80", "tcp.flags.syn && tcp.dport == 80"),
        ("ip.df 1", "ip.df == 1"),
        ("ip.df 0 tcp", "ip.df == 0 && tcp"),
        ("ip.src jake or ip.src elwood udp", "ip.src == jake || ip.src == elwood && udp"),
        ("ip . src jake", "ip.src == jake"),
        ("ip.src(jake)", "ip.src == (jake)"),
        ("ip.ttl < 5 ip.ttl > 2", "ip.ttl < 5 && ip.ttl > 2"),
        ("not not tcp udp", "!!tcp && udp"),
        ("any.ip.src jake", "any.ip.src == jake"),
        ("inner.tcp inner.inner.ip.ttl 3", "inner.tcp && inner.inner.ip.ttl == 3"),
        ("~ip.ttl 5", "~ip.ttl == 5"),
        ("ip.p udp", "ip.p == udp"),
        ("ether.type arp", "ether.type == arp"),
        ("tcp.port(80) udp.port (53)", "tcp.port(80) && udp.port(53)"),
        ("src gate dst 2:0:0:0:0:2", "src == gate && dst == 2:0:0:0:0:2"),
        ("ip6.src 2001:db8::1 ip6.hlim 64", "ip6.src == 2001:db8::1 && ip6.hlim == 64"),
        ("tcp.dport 'P'", "tcp.dport == 'P'"),
        ("port 80 ip", "port 80 && ip"),
        ("ip6.frag.off 0", "ip6.frag.off == 0"),
        ("ip.tos.dscp 46", "ip.tos.dscp == 46"),
        ("vlan.vlan.vid 6 arp", "vlan.vlan.vid == 6 && arp"),
        ("tcp.maxseg 1460 tcp.ts", "tcp.maxseg == 1460 && tcp.ts"),
        ("define(x, $1 == $2) x ip.ttl 64", "define(x, $1 == $2) && x ip.ttl 64"),
        ("tcp udp, ip.ttl 4", "tcp && udp, ip.ttl == 4"),
        ("tcp.analysis.rtt > 1000 tcp.dport 443", "tcp.analysis.rtt > 1000 && tcp.dport == 443"),
        ("tcp.analysis.retransmission tcp", "tcp.analysis.retransmission && tcp"),
        ("udp.len - 8 512", "udp.len - 8 == 512"),
        ("not (tcp udp) icmp", "!(tcp && udp) && icmp"),
        ("ip.src jake ip.dst elwood or arp", "ip.src == jake && ip.dst == elwood || arp"),
        ("tcp.win 0 or tcp.flags.rst", "tcp.win == 0 || tcp.flags.rst"),
        ("ip.ttl & 1 tcp", "ip.ttl & 1 && tcp"),
        ("icmp.type ECHO ip.len 84", "icmp.type == ECHO && ip.len == 84"),
    ])
    func more(_ raw: String, _ corrected: String) throws {
        #expect(outcome(raw) == corrected)
        let again = try parsed(corrected)
        #expect(again.corrected == nil)
        #expect(try again.expression == parsed(raw).expression)
    }
}
