import Glibc
import NetfilterRules
import Testing

/// Rules of iptables-save, one at a time and in chains.
struct XtablesTests {
    private func ruleset(_ lines: String, policy: String = "ACCEPT", ipv6: Bool = false) throws -> Ruleset {
        let text = "# made by a test\n*filter\n:INPUT \(policy) [0:0]\n:U - [0:0]\n\(lines)\nCOMMIT\n"
        var listings = RulesetListings()
        if ipv6 { listings.ip6tablesLegacy = text } else { listings.iptablesLegacy = text }
        return try Ruleset(listings)
    }

    static let cases: [(String, [UInt8], Meaning)] = [
        ("-p tcp -m tcp --dport 22", Packets.syn22, .matches),
        ("-p tcp -m tcp ! --dport 22", Packets.syn22, .passes),
        ("! -p tcp", Packets.syn22, .passes),
        ("! -p tcp", Packets.udp53, .matches),
        ("-p tcp -m tcp --dport 20:30 --sport :40000", Packets.syn22, .matches),
        ("-p tcp -m tcp --dport 23:", Packets.syn22, .passes),
        ("-p gre", Packets.ipv4(47, [0, 0, 8, 0]), .matches),
        ("-p something-new", Packets.syn22, .unknown),
        ("-s 10.0.0.0/8", Packets.syn22, .matches),
        ("-s 10.0.0.0/255.255.255.0 -d 10.0.0.2", Packets.syn22, .matches),
        ("! -s 10.0.0.0/8", Packets.syn22, .passes),
        ("-d 10.0.0.3/32", Packets.syn22, .passes),
        ("-s 10.0.0.1/0.0.0.255", Packets.syn22, .matches),
        ("-i eth0", Packets.syn22, .matches),
        ("-i eth+", Packets.syn22, .matches),
        ("! -i wlan+", Packets.syn22, .matches),
        ("-f", Packets.ipv4(17, Packets.udp(53), fragment: 3), .matches),
        ("! -f", Packets.ipv4(17, Packets.udp(53), fragment: 3), .passes),
        ("-p tcp -m tcp --tcp-flags SYN,ACK SYN", Packets.syn22, .matches),
        ("-p tcp -m tcp ! --tcp-flags SYN,ACK SYN", Packets.syn22, .passes),
        ("-p tcp -m tcp --tcp-flags ALL NONE", Packets.ipv4(6, Packets.tcp(22, flags: 0)), .matches),
        ("-p tcp -m tcp --tcp-option 2", Packets.syn22, .unknown),
        ("-p tcp -m multiport --dports 80,20:25", Packets.syn22, .matches),
        ("-p tcp -m multiport ! --dports 80,20:25", Packets.syn22, .passes),
        ("-p tcp -m multiport --ports 40000", Packets.syn22, .matches),
        ("-p tcp -m multiport ! --ports 40000", Packets.syn22, .passes),
        ("-p icmp -m icmp --icmp-type 8", Packets.echo, .matches),
        ("-p icmp -m icmp --icmp-type 8/1", Packets.echo, .passes),
        ("-p icmp -m icmp ! --icmp-type 8/1", Packets.echo, .matches),
        ("-p icmp -m icmp --icmp-type any", Packets.echo, .matches),
        ("-m comment --comment \"not -j ACCEPT \\\"here\\\"\"", Packets.syn22, .matches),
        ("-m iprange --src-range 10.0.0.0-10.0.0.9", Packets.syn22, .matches),
        ("-m iprange ! --dst-range 10.0.0.0-10.0.0.9", Packets.syn22, .passes),
        ("-m ttl --ttl-lt 65", Packets.syn22, .matches),
        ("-m ttl --ttl-eq 1", Packets.syn22, .passes),
        ("-m length --length 40:50", Packets.syn22, .matches),
        ("-m length ! --length 40", Packets.syn22, .passes),
        ("-m dscp --dscp 0x08", Packets.ipv4(1, Packets.icmp(8), tos: 0x20), .matches),
        ("-m mark --mark 0x1", Packets.syn22, .unknown),
        ("-m conntrack --ctstate NEW", Packets.syn22, .unknown),
        ("-m conntrack --ctorigdst 10.0.0.1", Packets.syn22, .unknown),
        ("-p tcp -m tcp --dport 23 -m limit --limit 5/sec", Packets.syn22, .passes),
        ("-m limit --limit 5/sec", Packets.syn22, .unknown),
        ("-m set --match-set bad src", Packets.syn22, .unknown),
        ("-m addrtype --dst-type LOCAL", Packets.syn22, .unknown),
        ("-m owner --uid-owner 0 -p udp", Packets.syn22, .passes),
        ("-m bpf --bytecode \"1,6 0 0 0\"", Packets.syn22, .unknown),
        ("", Packets.syn22, .matches),
    ]

    @Test(arguments: 0..<cases.count)
    func `Each match means what iptables means`(index: Int) throws {
        let (rule, packet, expected) = Self.cases[index]
        let found = try ruleset("[5:300] -A INPUT \(rule) -j DROP").culprit(of: .input(packet))
        #expect(Meaning(found) == expected, "\(rule)")
    }

    @Test func `Marks and connections are compared where the trace knows them`() throws {
        let rules = try ruleset(
            "-A INPUT -m mark ! --mark 0x10/0xf0 -j DROP\n-A INPUT -m conntrack --ctstate NEW,INVALID -j REJECT --reject-with tcp-reset"
        )
        #expect(rules.culprit(of: .input(Packets.syn22, mark: 0x21)).handles == [1])
        let found = rules.culprit(of: .input(Packets.syn22, mark: 0x11, connection: .invalid))
        #expect(found.handles == [2] && found.culprit?.ending == .reject(with: "tcp-reset"))
        #expect(rules.culprit(of: .input(Packets.syn22, mark: 0x11, connection: .established)) == .nothing)
    }

    @Test func `IPv6 rules are for IPv6`() throws {
        let rules = try ruleset("-A INPUT -s fd00::/16 -p tcp -m tcp --dport 22 -m hl --hl-gt 60 -j DROP", ipv6: true)
        #expect(rules.culprit(of: .input(Packets.syn22IPv6)).handles == [1])
        #expect(rules.culprit(of: .input(Packets.syn22)) == .nothing)
    }

    @Test func `Chains jump, go to, return and end in the policy`() throws {
        let lines =
            "-A INPUT -p tcp -j U\n-A INPUT -p udp -g U\n-A INPUT -p icmp -j ACCEPT\n-A U -p tcp -j RETURN\n-A U -s 10.0.0.9 -j DROP"
        let rules = try ruleset(lines, policy: "DROP")
        #expect(rules.culprit(of: .input(Packets.syn22)).handles == [0])
        #expect(rules.culprit(of: .input(Packets.udp53)).handles == [0])
        #expect(rules.culprit(of: .input(Packets.echo)) == .nothing)
    }

    @Test func `References are those of iptables`() throws {
        let found = try ruleset("-A INPUT -p udp -j LOG\n[1:60] -A INPUT -p tcp -j U\n-A U -j DROP").culprit(
            of: .input(Packets.syn22))
        guard case .rule(let rule)? = found.culprit?.culprit else {
            Issue.record("no rule")
            return
        }
        #expect(rule.text == "-A U -j DROP")
        #expect(rule.deleteCommand == "iptables-legacy -t filter -D U 1")
        #expect(rule.chain.listCommand == "iptables-legacy -t filter -nvL U --line-numbers")
        #expect(found.culprit?.trail.first?.rule.number == 2)
    }

    @Test func `Packets that extensions drop for their shape have no culprit`() throws {
        let short = Packets.ipv4(6, Array(Packets.tcp(22).prefix(12)))
        #expect(
            try ruleset("-A INPUT -p tcp -m tcp --dport 80 -j ACCEPT\n-A INPUT -j DROP").culprit(of: .input(short))
                .culprit == nil)
    }

    @Test func `Targets that are not known may do anything`() throws {
        let found = try ruleset("-A INPUT -p tcp -j TARPIT").culprit(of: .input(Packets.syn22))
        #expect(found.culprit == nil && found.suspects.first?.ending == .extensionVerdict("TARPIT"))
        let queue = try ruleset("-A INPUT -j NFQUEUE --queue-balance 1:3 --queue-bypass").culprit(
            of: .input(Packets.syn22))
        #expect(queue.suspects.first?.ending == .queue(QueueTarget(numbers: 1...3, bypass: true)))
    }

    private static let trie = """
        Main:
          +-- 0.0.0.0/0 3 0 5
             |-- 0.0.0.0
                /0 universe UNICAST
        Local:
             |-- 10.0.0.2
                /32 host LOCAL
             |-- 10.0.0.255
                /32 link BROADCAST
             |-- 127.0.0.0
                /8 host LOCAL
        """

    @Test(arguments: [
        ("--dst-type LOCAL", [10, 0, 0, 2], Meaning.matches), ("! --dst-type LOCAL", [10, 0, 0, 2], .passes),
        ("--dst-type LOCAL", [127, 3, 2, 1], .matches), ("--dst-type BROADCAST", [10, 0, 0, 255], .matches),
        ("--dst-type LOCAL", [255, 255, 255, 255], .passes),
        ("--dst-type BROADCAST,MULTICAST", [224, 0, 0, 1], .matches),
        ("--dst-type LOCAL", [10, 0, 0, 3], .unknown), ("--src-type LOCAL", [10, 0, 0, 2], .unknown),
        ("--dst-type LOCAL --limit-iface-in", [10, 0, 0, 2], .unknown), ("--dst-type NEW", [10, 0, 0, 2], .unknown),
    ])
    func `Types of addresses are those of the namespace`(rule: String, address: [UInt8], expected: Meaning) throws {
        var listings = RulesetListings()
        listings.iptablesLegacy = "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m addrtype \(rule) -j DROP\nCOMMIT\n"
        listings.fibTrie = Self.trie
        let packet = Packets.ipv4(17, Packets.udp(53), destination: address)
        #expect(try Meaning(Ruleset(listings).culprit(of: .input(packet))) == expected)
        listings.fibTrie = Self.trie + "\nId 1001:\n"
        if address[0] == 10 { #expect(try Meaning(Ruleset(listings).culprit(of: .input(packet))) == .unknown) }
    }

    private static func listing(ofChains count: Int) -> String {
        let chains = (1...count).map { "KUBE-SVC-\($0)" }
        var lines = chains.map { ":\($0) - [0:0]" }
        lines += chains.flatMap { ["-A INPUT -p tcp -m tcp --dport 23 -j \($0)", "-A \($0) -j RETURN"] }
        lines += ["-A KUBE-SVC-\(count) -j DROP", "-A INPUT -j KUBE-SVC-\(count)"]
        return lines.joined(separator: "\n")
    }

    /// Processor time of this thread in seconds, which other load does not affect.
    private func seconds(ofChains count: Int) throws -> Double {
        let listing = Self.listing(ofChains: count)
        let start = Self.processorTime()
        let found = try ruleset(listing)
        #expect(try Meaning(found.culprit(of: .input(Packets.syn22))) == .passes)
        return Self.processorTime() - start
    }

    private static func processorTime() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    @Test func `Ten times the chains of a cluster's node take ten times as long, not a hundred`() throws {
        let few = try seconds(ofChains: 2_000)
        let many = try seconds(ofChains: 20_000)
        #expect(many < 40 * few)
    }
}
