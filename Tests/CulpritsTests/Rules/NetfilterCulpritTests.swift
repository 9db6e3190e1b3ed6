import Culprits
import Diagnosis
import NetfilterRules
import Testing

/// The finder, from the tools' output to the culprit and the commands that undo it.
@Suite struct NetfilterCulpritTests {
    private static let datagram: [UInt8] =
        [0x45, 0, 0, 28, 0, 1, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 0x0f, 0xa0, 0, 53, 0, 8, 0, 0]

    private static func evidence(
        at place: String = "ip_local_deliver", by engine: String = "nft_do_chain", ipv6: Bool = false
    ) -> Evidence {
        var evidence = ipv6 ? Evidence.datagramOverIPv6 : Evidence.datagram().with(datagram)
        evidence.etherType = ipv6 ? 0x86dd : 0x0800
        evidence.netns = 4_026_531_840
        evidence.time = 500
        evidence.function = engine
        evidence.stack = ["\(engine)+0x1", "nf_hook_slow+0x2", "\(place)+0x3"]
        return evidence
    }

    private static func table(_ rules: [(Int, String)], hook: String = "input", policy: String = "accept") -> [String:
        String]
    {
        let rows = rules.map { handle, expressions in
            #"{"rule": {"family": "inet", "table": "guard", "chain": "gate", "handle": \#(handle), "expr": [\#(expressions)]}}"#
        }
        let chain =
            #"{"chain": {"family": "inet", "table": "guard", "name": "gate", "handle": 1, "type": "filter", "#
            + #""hook": "\#(hook)", "prio": 0, "policy": "\#(policy)"}}"#
        let all = [#"{"table": {"family": "inet", "name": "guard", "handle": 1}}"#, chain] + rows
        let text = rules.map { "\t\tudp dport 53 drop # handle \($0.0)\n" }.joined()
        return [
            "nft -j list ruleset": #"{"nftables": [\#(all.joined(separator: ","))]}"#,
            "nft -a list ruleset": "table inet guard {\n\tchain gate { # handle 1\n\(text)\t}\n}\n",
        ]
    }

    private static let drop53 =
        #"{"match": {"op": "==", "left": {"payload": {"protocol": "udp", "field": "dport"}}, "right": 53}}, {"drop": null}"#
    private static let mark7 =
        #"{"match": {"op": "==", "left": {"meta": {"key": "mark"}}, "right": 7}}, {"drop": null}"#

    private static func namespace(_ commands: [String: String], files: [String: String] = [:]) -> FakeNamespace {
        var namespace = FakeNamespace(commands: commands)
        namespace.files = files
        namespace.modules = ["nf_tables"]
        return namespace
    }

    private func answer(_ evidence: Evidence, _ namespace: FakeNamespace) -> CulpritAnswer {
        CulpritFinders().answer(to: evidence, cause: "netfilter-drop", in: namespace)
    }

    @Test func `A rule of nft is undone by nft`() throws {
        let found = culprit(answer(Self.evidence(), Self.namespace(Self.table([(2, Self.mark7), (3, Self.drop53)]))))
        #expect(found?.name == "nft inet guard gate: udp dport 53 drop # handle 3")
        #expect(
            found?.remedies.map(\.command) == [
                "nft delete rule inet guard gate handle 3",
                "nft insert rule inet guard gate position 3 ip saddr 10.0.0.1 ip daddr 10.0.0.2 udp dport 53 accept",
            ])
    }

    @Test func `The packet's own mark is known, zero as well`() {
        var evidence = Self.evidence()
        let namespace = Self.namespace(Self.table([(2, Self.mark7)]))
        #expect(doubt(answer(evidence, namespace)) != nil)
        evidence.mark = 7
        #expect(culprit(answer(evidence, namespace))?.values["handle"] == "2")
    }

    @Test func `A rule of ip6tables-legacy is undone by that tool, in its table`() {
        let save = "*raw\n:PREROUTING ACCEPT [0:0]\n[1:60] -A PREROUTING -p udp -m udp --dport 53 -j DROP\nCOMMIT\n"
        let namespace = Self.namespace(
            ["ip6tables-legacy-save -c": save, "nft -j list ruleset": #"{"nftables": []}"#, "nft -a list ruleset": ""],
            files: ["ip6_tables_names": "raw\n"])
        let found = culprit(answer(Self.evidence(at: "ipv6_rcv", by: "nf_hook_slow", ipv6: true), namespace))
        #expect(
            found?.remedies.map(\.command) == [
                "ip6tables-legacy -t raw -D PREROUTING 1",
                "ip6tables-legacy -t raw -I PREROUTING 1 -s fd09::1 -d fd09::2 -p udp --dport 53 -j ACCEPT",
            ])
    }

    @Test func `A policy is undone by what lets the packet in`() {
        let found = culprit(answer(Self.evidence(), Self.namespace(Self.table([], policy: "drop"))))
        #expect(found?.kind == "chain-policy")
        #expect(
            found?.remedies.map(\.command) == [
                "nft add rule inet guard gate ip saddr 10.0.0.1 ip daddr 10.0.0.2 udp dport 53 accept",
                "nft 'chain inet guard gate { policy accept; }'",
            ])
    }

    @Test func `The rule that was replaced at once is the culprit, and nothing undoes it`() {
        var before = RulesetListings()
        let old = Self.table([(2, Self.drop53)])
        (before.nftablesJSON, before.nftablesText) = (old["nft -j list ruleset"], old["nft -a list ruleset"])
        (before.begunAt, before.completeAt, before.generation) = (100, 110, 2)
        var namespace = Self.namespace(Self.table([(4, Self.mark7)]))
        namespace.earlier = before
        namespace.generation = 3
        let found = culprit(answer(Self.evidence(), namespace))
        #expect(found?.name == "nft inet guard gate: udp dport 53 drop # handle 2")
        #expect(found?.details.contains { $0.contains("the rules changed since") } == true)
        #expect(found?.remedies.map(\.command) == [nil])
        namespace.generation = 9
        #expect(doubt(answer(Self.evidence(), namespace))?.contains("the rules changed since") == true)
        #expect(culprit(answer(Self.evidence(), namespace)) == nil)
    }

    private static let bridged = [
        "ip -d -j link show dev eth0":
            #"[{"ifname":"eth0","flags":["UP"],"master":"br0","linkinfo":{"info_slave_kind":"bridge"}}]"#
    ]

    @Test(arguments: [
        ("1", "because net/bridge/bridge-nf-call-iptables is 1"), ("0", "the bridge's option nf_call_iptables"),
    ])
    func `br_netfilter sends bridged packets to the rules of IP`(setting: String, detail: String) {
        var namespace = Self.namespace(
            Self.table([], hook: "forward", policy: "drop").merging(Self.bridged) { first, _ in first })
        namespace.sysctls = ["net/bridge/bridge-nf-call-iptables": setting]
        let found = culprit(answer(Self.evidence(at: "br_nf_forward"), namespace))
        #expect(found?.kind == "chain-policy")
        #expect(found?.details.contains { $0.contains(detail) } == true)
        let command = "sysctl -w net/bridge/bridge-nf-call-iptables=0"
        #expect(found?.remedies.contains { $0.command == command } == (setting == "1"))
    }

    @Test func `Rules for bridged packets see the bridge, not its port`() {
        let name = { (device: String) in
            #"{"match": {"op": "==", "left": {"meta": {"key": "iifname"}}, "right": "\#(device)"}}, {"drop": null}"#
        }
        let namespace = Self.namespace(
            Self.table([(2, name("eth0")), (3, name("br0"))], hook: "forward").merging(Self.bridged) { first, _ in first
            })
        #expect(culprit(answer(Self.evidence(at: "br_nf_forward"), namespace))?.values["handle"] == "3")
        // The bridge's own rules see the port, and are different.
        #expect(culprit(answer(Self.evidence(at: "__br_forward"), namespace)) == nil)
    }

    @Test func `The hook is not known if the bridge's functions were not traced`() {
        var evidence = Self.evidence()
        evidence.stack = ["kfree_skb+0x1", "nf_hook_slow+0x2"]
        evidence.trail = ["__netif_receive_skb_core", "nf_hook_slow"]
        let namespace = Self.namespace(Self.table([], hook: "forward").merging(Self.bridged) { first, _ in first })
        #expect(doubt(answer(evidence, namespace))?.contains("eth0 is a port of br0") == true)
        let alone = Self.namespace(Self.table([], hook: "forward"))
        #expect(doubt(answer(evidence, alone))?.contains("drops it at ingress") == true)
    }

    @Test(arguments: [(UInt8(8), true), (9, false)])
    func `A whole datagram is never invalid to connection tracking`(length: UInt8, isFound: Bool) {
        let invalid = #"{"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": "invalid"}}, {"drop": null}"#
        let namespace = Self.namespace(Self.table([(2, invalid), (3, Self.drop53)]))
        var bytes = Self.datagram
        bytes[25] = length
        var evidence = Self.evidence().with(bytes)
        evidence.etherType = 0x0800
        #expect((culprit(answer(evidence, namespace))?.values["handle"] == "3") == isFound)
    }

    @Test func `ipset is asked`() {
        let save =
            "*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -m set --match-set good src -j DROP\n-A INPUT -m set --match-set bad src -j DROP\nCOMMIT\n"
        var commands = [
            "iptables-legacy-save -c": save, "nft -j list ruleset": #"{"nftables": []}"#, "nft -a list ruleset": "",
            "ipset list -t": "Name: good\nType: hash:ip\nName: bad\nType: hash:ip\n", "ipset test bad 10.0.0.1": "",
        ]
        let files = ["ip_tables_names": "filter\n"]
        let evidence = Self.evidence(by: "nf_hook_slow")
        // A missing answer of ipset leaves the match unknown.
        #expect(culprit(answer(evidence, Self.namespace(commands, files: files))) == nil)
        commands["ipset test bad 10.0.0.1"] = nil
        commands["ipset test good 10.0.0.1"] = ""
        #expect(
            culprit(answer(evidence, Self.namespace(commands, files: files)))?.name.contains("--match-set good") == true
        )
    }

    @Test func `Rules that cannot be listed leave a doubt`() {
        #expect(doubt(answer(Self.evidence(), Self.namespace([:])))?.contains("could not be listed") == true)
    }
}
