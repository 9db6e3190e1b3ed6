import NetfilterRules
import Testing

/// One rule of nft and one packet, for each kind of expression in the syntax of libnftables-json(5).
struct NftablesMatchTests {
    private func meaning(
        _ expressions: String, _ packet: [UInt8], mark: UInt32? = nil, connection: ConnectionState = .unknown,
        sets: [String] = []
    ) throws -> Meaning {
        let ruleset = try Nftables.ruleset(
            [Nftables.table(), Nftables.base("in")] + sets + [
                Nftables.rule(5, "in", expressions + ", " + Nftables.drop)
            ])
        return Meaning(ruleset.culprit(of: .input(packet, mark: mark, connection: connection)))
    }

    private static func match(_ left: String, _ right: String, _ op: String = "==") -> String {
        #"{"match": {"op": "\#(op)", "left": \#(left), "right": \#(right)}}"#
    }

    private static func payload(_ name: String, _ field: String) -> String {
        #"{"payload": {"protocol": "\#(name)", "field": "\#(field)"}}"#
    }

    private static func meta(_ key: String) -> String { #"{"meta": {"key": "\#(key)"}}"# }

    static let cases: [(String, [UInt8], Meaning)] = [
        (match(payload("tcp", "dport"), "22"), Packets.syn22, .matches),
        (match(payload("tcp", "dport"), "23"), Packets.syn22, .passes),
        (match(payload("tcp", "dport"), "22"), Packets.ipv4(17, Packets.udp(22)), .passes),
        (match(payload("tcp", "dport"), "22", "!="), Packets.ipv4(17, Packets.udp(22)), .passes),
        (match(payload("th", "dport"), "53"), Packets.udp53, .matches),
        (match(payload("tcp", "dport"), #"{"range": [20, 30]}"#), Packets.syn22, .matches),
        (match(payload("tcp", "dport"), #"{"range": [23, 30]}"#), Packets.syn22, .passes),
        (match(payload("tcp", "dport"), #"{"set": [{"range": [1, 5]}, 22]}"#), Packets.syn22, .matches),
        (match(payload("tcp", "dport"), #"{"set": [{"range": [1, 5]}, 22]}"#, "!="), Packets.syn22, .passes),
        (match(payload("tcp", "dport"), "22", "<="), Packets.syn22, .matches),
        (match(payload("tcp", "dport"), "22", ">"), Packets.syn22, .passes),
        (match(payload("ip", "saddr"), #"{"prefix": {"addr": "10.0.0.0", "len": 8}}"#), Packets.syn22, .matches),
        (match(payload("ip", "saddr"), #"{"prefix": {"addr": "10.0.0.0", "len": 32}}"#), Packets.syn22, .passes),
        (match(payload("ip", "saddr"), #"{"prefix": {"addr": "10.0.0.0", "len": 33}}"#), Packets.syn22, .unknown),
        (match(payload("ip", "saddr"), #"{"prefix": {"addr": "0.0.0.0", "len": 0}}"#), Packets.syn22IPv6, .passes),
        (match(payload("ip6", "saddr"), #"{"prefix": {"addr": "fd00::", "len": 64}}"#), Packets.syn22IPv6, .matches),
        (match(payload("ip6", "daddr"), #""fd00::2""#), Packets.syn22IPv6, .matches),
        (match(payload("ip6", "nexthdr"), #""tcp""#), Packets.syn22IPv6, .matches),
        (match(payload("ip", "protocol"), #""icmp""#), Packets.echo, .matches),
        (match(payload("ip", "protocol"), #""a-new-one""#), Packets.echo, .unknown),
        (match(payload("ip", "ttl"), "64"), Packets.echo, .matches),
        (match(payload("ip", "dscp"), #""cs1""#), Packets.ipv4(1, Packets.icmp(8), tos: 0x20), .matches),
        (match(payload("ip", "frag-off"), "0", "!="), Packets.ipv4(17, Packets.udp(53), fragment: 9), .matches),
        (match(payload("udp", "dport"), "53"), Packets.ipv4(17, Packets.udp(53), fragment: 9), .unknown),
        (match(payload("icmp", "type"), #""echo-request""#), Packets.echo, .matches),
        (match(payload("icmp", "type"), #"{"set": ["echo-reply", "redirect"]}"#), Packets.echo, .passes),
        (match(payload("icmp", "id"), "1"), Packets.echo, .matches),
        (match(payload("icmp", "mtu"), "2"), Packets.echo, .passes),
        (match(payload("icmpv6", "type"), #""nd-neighbor-solicit""#), Packets.ipv6(58, Packets.icmp(135)), .matches),
        (match(payload("icmpv6", "type"), #""nd-neighbor-solicit""#), Packets.echo, .passes),
        (match(payload("tcp", "flags"), #""syn""#, "in"), Packets.syn22, .matches),
        (match(payload("tcp", "flags"), #"["fin", "rst"]"#, "in"), Packets.syn22, .passes),
        (match(payload("tcp", "flags"), #""syn""#, "!"), Packets.syn22, .passes),
        (match(#"{"&": [\#(payload("tcp", "flags")), ["syn", "ack"]]}"#, #""syn""#), Packets.syn22, .matches),
        (
            match(#"{"&": [\#(payload("tcp", "flags")), {"|": ["syn", "ack"]}]}"#, #""syn""#),
            Packets.ipv4(6, Packets.tcp(22, flags: 0x12)), .passes
        ),
        (match(#"{"&": [\#(payload("tcp", "flags")), ["fin", "syn"]]}"#, #"["fin", "syn"]"#), Packets.syn22, .passes),
        (
            match(#"{"&": [\#(payload("tcp", "flags")), ["fin", "syn"]]}"#, #"["fin", "syn"]"#),
            Packets.ipv4(6, Packets.tcp(22, flags: 0x13)), .matches
        ),
        (match(#"{"&": [\#(payload("ip", "saddr")), "255.0.0.255"]}"#, #""10.0.0.1""#), Packets.syn22, .matches),
        (match(#"{"payload": {"base": "th", "offset": 16, "len": 16}}"#, "22"), Packets.syn22, .matches),
        (match(#"{"payload": {"base": "ih", "offset": 16, "len": 16}}"#, "22"), Packets.syn22, .passes),
        (match(#"{"payload": {"base": "th", "offset": 16000, "len": 16}}"#, "22"), Packets.syn22, .passes),
        (match(meta("l4proto"), #"{"set": ["tcp", "udp"]}"#), Packets.syn22, .matches),
        (match(meta("l4proto"), #""tcp""#, "!="), Packets.echo, .matches),
        (match(meta("nfproto"), #""ipv6""#), Packets.syn22, .passes),
        (match(meta("protocol"), #""ip6""#), Packets.syn22IPv6, .matches),
        (match(meta("length"), #"{"range": [40, 41]}"#), Packets.syn22, .matches),
        (match(meta("iifname"), #""eth0""#), Packets.syn22, .matches),
        (match(meta("iifname"), #""eth*""#), Packets.syn22, .matches),
        (match(meta("iifname"), #""eth\\*""#), Packets.syn22, .passes),
        (match(meta("iifname"), #"{"set": ["lo", "wlan0"]}"#), Packets.syn22, .passes),
        (match(meta("iif"), "7"), Packets.syn22, .unknown),
        (match(meta("oifname"), #""eth0""#, "!="), Packets.syn22, .matches),
        (match(meta("skuid"), "0"), Packets.syn22, .unknown),
        (match(meta("day"), #""Saturday""#), Packets.syn22, .unknown),
        (match(#"{"fib": {"result": "type", "flags": ["daddr"]}}"#, #""local""#), Packets.syn22, .unknown),
        (match(#"{"numgen": {"mode": "random", "mod": 2}}"#, "0"), Packets.syn22, .unknown),
        (
            match(
                #"{"concat": [\#(payload("ip", "saddr")), \#(payload("tcp", "dport"))]}"#,
                #"{"set": [{"concat": ["10.0.0.1", {"range": [20, 30]}]}]}"#), Packets.syn22, .matches
        ),
        (
            match(
                #"{"concat": [\#(payload("ip", "saddr")), \#(payload("udp", "dport"))]}"#,
                #"{"set": [{"concat": ["10.0.0.1", 22]}]}"#), Packets.syn22, .passes
        ),
        (
            match(
                #"{"concat": [\#(payload("ip", "saddr")), \#(payload("tcp", "dport"))]}"#,
                #"{"set": [{"concat": ["10.0.0.1"]}]}"#), Packets.syn22, .unknown
        ),
        (
            match(#"{"exthdr": {"name": "dst"}}"#, "true"),
            Packets.ipv6(60, [6, 0, 0, 0, 0, 0, 0, 0] + Packets.tcp(22)), .matches
        ),
        (match(#"{"exthdr": {"name": "frag"}}"#, "true"), Packets.syn22IPv6, .passes),
        (match(payload("tcp", "dport"), "22"), Packets.ipv6(60, [6, 0, 0, 0, 0, 0, 0, 0] + Packets.tcp(22)), .matches),
        (match(payload("tcp", "dport"), "22", "~"), Packets.syn22, .unknown),
        (#"{"limit": {"rate": 5, "per": "second"}}"#, Packets.syn22, .unknown),
        (#"{"ct count": {"val": 5}}"#, Packets.syn22, .unknown),
        (#"{"set": {"op": "add", "elem": \#(payload("ip", "saddr")), "set": "@s"}}"#, Packets.syn22, .unknown),
        (#"{"xt": {"type": "match", "name": "string"}}"#, Packets.syn22, .unknown),
        (#"{"a-new-one": {}}"#, Packets.syn22, .unknown),
        ("null", Packets.syn22, .unknown),
        (#"{"counter": {"packets": 0, "bytes": 0}}, {"log": {"prefix": "x"}}"#, Packets.syn22, .matches),
    ]

    @Test(arguments: 0..<cases.count)
    func `Each expression means what nft means`(index: Int) throws {
        let (expression, packet, expected) = Self.cases[index]
        #expect(try meaning(expression, packet) == expected, "\(expression)")
    }

    @Test func `The mark is compared if it is known`() throws {
        let rule = Self.match(#"{"&": [\#(Self.meta("mark")), 240]}"#, "16")
        #expect(try meaning(rule, Packets.syn22, mark: 0x12) == .matches)
        #expect(try meaning(rule, Packets.syn22, mark: 0x22) == .passes)
        #expect(try meaning(rule, Packets.syn22) == .unknown)
    }

    @Test func `The connection's state is compared if it is known`() throws {
        let rule = Self.match(#"{"ct": {"key": "state"}}"#, #"["established", "related"]"#, "in")
        #expect(try meaning(rule, Packets.syn22, connection: .relatedReply) == .matches)
        #expect(try meaning(rule, Packets.syn22, connection: .new) == .passes)
        #expect(try meaning(rule, Packets.syn22) == .unknown)
        let reply = Self.match(#"{"ct": {"key": "direction"}}"#, #""reply""#)
        #expect(try meaning(reply, Packets.syn22, connection: .establishedReply) == .matches)
        #expect(try meaning(reply, Packets.syn22, connection: .invalid) == .passes)
    }

    private static func set(_ members: String) -> String {
        #"{"set": {"family": "inet", "table": "t", "name": "s", "type": "ipv4_addr", \#(members)}}"#
    }

    @Test func `Named sets are looked up, and those that change by themselves are not`() throws {
        let rule = Self.match(Self.payload("ip", "saddr"), #""@s""#)
        let elements = #""elem": [{"prefix": {"addr": "10.0.0.0", "len": 8}}]"#
        #expect(try meaning(rule, Packets.syn22, sets: [Self.set(elements)]) == .matches)
        #expect(try meaning(rule, Packets.syn22, sets: [Self.set(#""elem": ["10.0.0.9"]"#)]) == .passes)
        #expect(try meaning(rule, Packets.syn22, sets: [Self.set(#""flags": ["timeout"], "# + elements)]) == .unknown)
        #expect(try meaning(rule, Packets.syn22) == .unknown)
    }

    @Test func `A set that rules fill is unknown even if nft does not call it dynamic`() throws {
        let ruleset = try Nftables.ruleset([
            Nftables.table(), Nftables.base("in"), Self.set(#""elem": ["10.0.0.1"]"#),
            Nftables.rule(4, "in", #"{"set": {"op": "add", "elem": \#(Self.payload("ip", "saddr")), "set": "@s"}}"#),
            Nftables.rule(5, "in", Self.match(Self.payload("ip", "saddr"), #""@s""#) + "," + Nftables.drop),
        ])
        #expect(Meaning(ruleset.culprit(of: .input(Packets.syn22))) == .unknown)
    }

    @Test func `What was not captured is unknown, what the packet lacks is absent`() throws {
        let rule = Self.match(Self.payload("tcp", "flags"), #""syn""#, "in")
        let ruleset = try Nftables.ruleset([
            Nftables.table(), Nftables.base("in"), Nftables.rule(5, "in", rule + "," + Nftables.drop),
        ])
        var crossing = HookCrossing.input(Array(Packets.syn22.prefix(30)))
        #expect(ruleset.culprit(of: crossing) == .nothing)
        crossing.length = 40
        #expect(Meaning(ruleset.culprit(of: crossing)) == .unknown)
    }
}
