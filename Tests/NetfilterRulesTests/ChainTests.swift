import NetfilterRules
import Testing

/// The path through chains: jumps, returns, policies, priorities, and the effect of an unknown rule on later ones.
struct ChainTests {
    private typealias N = Nftables

    private func answer(
        _ objects: [String], _ packet: [UInt8] = Packets.syn22, engine: RuleEngine? = nil, mark: UInt32? = nil,
        connection: ConnectionState = .unknown
    ) throws -> Answer {
        var crossing = HookCrossing.input(packet, mark: mark, connection: connection)
        crossing.engine = engine
        return try N.ruleset([N.table()] + objects).culprit(of: crossing)
    }

    private func jump(_ target: String, _ kind: String = "jump") -> String {
        #"{"\#(kind)": {"target": "\#(target)"}}"#
    }

    @Test func `The first rule that matches wins`() throws {
        let found = try answer([
            N.base("in"), N.rule(1, "in", N.port80 + "," + N.drop), N.rule(2, "in", N.port22 + "," + N.drop),
            N.rule(3, "in", N.drop),
        ])
        #expect(found.culprit != nil && found.handles == [2])
    }

    @Test func `An accepted packet is not dropped by this chain`() throws {
        #expect(
            try answer([
                N.base("in", policy: "drop"), N.rule(1, "in", N.port22 + "," + N.accept), N.rule(2, "in", N.drop),
            ]) == .nothing)
    }

    @Test func `Without a verdict the policy decides`() throws {
        let found = try answer([N.base("in", policy: "drop"), N.rule(1, "in", N.port80 + "," + N.accept)])
        guard case .policy(let chain)? = found.culprit?.culprit else {
            Issue.record("no policy")
            return
        }
        #expect(chain.family == "inet" && chain.table == "t" && chain.chain == "in")
    }

    @Test func `Jumps come back, and the trail tells the way`() throws {
        let found = try answer([
            N.base("in"), N.chain("u"), N.chain("v"), N.rule(1, "in", N.port22 + "," + jump("u")),
            N.rule(2, "in", N.drop),
            N.rule(3, "u", jump("v")), N.rule(4, "u", N.port22 + "," + N.drop), N.rule(5, "v", #"{"return": null}"#),
            N.rule(6, "v", N.drop),
        ])
        #expect(found.culprit != nil && found.handles == [4])
        #expect(found.culprit?.trail.map(\.target) == ["u"])
        #expect(found.culprit?.baseChain.chain == "in")
    }

    @Test func `Goto does not come back to the chain, only to its caller`() throws {
        let objects = [
            N.base("in"), N.chain("u"), N.chain("v"), N.rule(1, "in", jump("u")), N.rule(2, "in", N.drop),
            N.rule(3, "u", jump("v", "goto")), N.rule(4, "u", N.drop),
        ]
        #expect(try answer(objects).handles == [2])
        #expect(
            try answer([N.base("in"), N.chain("v"), N.rule(1, "in", jump("v", "goto")), N.rule(2, "in", N.drop)])
                == .nothing)
    }

    @Test func `An unknown rule before leaves all that may follow`() throws {
        let objects = [
            N.base("in", policy: "drop"), N.rule(1, "in", N.someState + "," + N.drop),
            N.rule(2, "in", N.port80 + "," + N.accept),
        ]
        #expect(try answer(objects).handles == [1, 0])
        #expect(try answer(objects, connection: .invalid).handles == [1])
        #expect(try answer(objects, connection: .new).handles == [0])
        guard case .candidates(_, let because) = try answer(objects) else {
            Issue.record("not candidates")
            return
        }
        #expect(because == ["the connection's state (ct state)"])
    }

    @Test func `The only one left is named only where the trace saw that rules decided`() throws {
        let objects = [N.base("in"), N.rule(1, "in", N.someState + "," + N.drop)]
        #expect(try answer(objects).culprit == nil)
        #expect(try answer(objects, engine: .nftables).culprit?.unknowns == ["the connection's state (ct state)"])
        #expect(try answer(objects, engine: .xtables) == .nothing)
    }

    @Test func `An unknown return makes only the rest of its chain unsure`() throws {
        let objects = [
            N.base("in"), N.chain("u"), N.rule(1, "in", jump("u")), N.rule(2, "in", N.drop),
            N.rule(3, "u", N.someState + #", {"return": null}"#),
        ]
        #expect(try answer(objects).culprit != nil)
        #expect(try answer(objects + [N.rule(4, "u", N.accept)]).culprit == nil)
        #expect(try answer(objects + [N.rule(4, "u", N.drop)]).handles == [4, 2])
    }

    @Test func `Chains run by priority, and one that accepts leaves the packet to the next`() throws {
        let objects = [
            N.base("late", priority: 10), N.base("early", priority: -10), N.rule(1, "late", N.port22 + "," + N.drop),
            N.rule(2, "early", N.port22 + "," + N.accept), N.rule(3, "early", N.drop),
        ]
        #expect(try answer(objects).handles == [1])
        #expect(try answer(objects, Packets.udp53).handles == [3])
    }

    @Test func `Of two chains of one priority it is unknown which came first`() throws {
        let found = try answer([N.base("a"), N.base("b"), N.rule(1, "a", N.drop), N.rule(2, "b", N.drop)])
        #expect(found.culprit == nil && found.handles == [1, 2])
    }

    @Test func `Other hooks and families take no part`() throws {
        #expect(try answer([N.base("f", hook: "forward"), N.rule(1, "f", N.drop)]) == .nothing)
        let ip6 = [
            N.table("ip6", "six"), N.base("in", table: "six", family: "ip6"),
            N.rule(1, "in", N.drop, table: "six", family: "ip6"),
        ]
        #expect(try answer(ip6) == .nothing)
        #expect(try answer(ip6, Packets.syn22IPv6).handles == [1])
    }

    @Test func `A mark that the chain sets is unknown before and known behind`() throws {
        let mark = { (value: Int) in #"{"match": {"op": "==", "left": {"meta": {"key": "mark"}}, "right": \#(value)}}"#
        }
        let set = #"{"mangle": {"key": {"meta": {"key": "mark"}}, "value": 7}}"#
        let objects = [
            N.base("in"), N.rule(1, "in", mark(7) + "," + N.drop), N.rule(2, "in", set),
            N.rule(3, "in", mark(7) + "," + N.drop),
        ]
        #expect(try answer(objects, mark: 7).handles == [1, 3])
        #expect(try answer([objects[0], objects[2], objects[3]], mark: 7).handles == [3])
    }

    @Test func `A field that a rule changes is not trusted in the same chain`() throws {
        let ttl = #"{"payload": {"protocol": "ip", "field": "ttl"}}"#
        let objects = [
            N.base("in"), N.rule(1, "in", #"{"match": {"op": "==", "left": \#(ttl), "right": 64}}, "# + N.drop),
            N.rule(2, "in", #"{"mangle": {"key": \#(ttl), "value": 64}}"#),
        ]
        #expect(try answer(objects).culprit == nil)
        #expect(try answer(Array(objects.prefix(2))).culprit != nil)
    }

    @Test func `Verdict maps lead on, stop, or let pass`() throws {
        let map =
            #"{"vmap": {"key": {"payload": {"protocol": "tcp", "field": "dport"}}, "data": {"set": [[22, {"jump": {"target": "u"}}], [80, {"drop": null}], ["*", {"accept": null}]]}}}"#
        let objects = [N.base("in", policy: "drop"), N.chain("u"), N.rule(1, "in", map), N.rule(2, "u", N.drop)]
        #expect(try answer(objects).handles == [2])
        #expect(try answer(objects, Packets.ipv4(6, Packets.tcp(80))).handles == [1])
        #expect(try answer(objects, Packets.ipv4(6, Packets.tcp(81))) == .nothing)
        #expect(try answer(objects, Packets.udp53).handles == [0])
    }

    @Test func `Queues and rejections are told apart by where the packet ended`() throws {
        let queue = [
            N.base("in"),
            N.rule(1, "in", N.someState + #", {"queue": {"num": {"range": [2, 4]}, "flags": ["bypass"]}}"#),
            N.rule(2, "in", #"{"reject": {"type": "tcp reset"}}"#),
        ]
        var crossing = HookCrossing.input(Packets.syn22)
        crossing.endedInQueue = true
        crossing.engine = .nftables
        let ruleset = try N.ruleset([N.table()] + queue)
        #expect(ruleset.culprit(of: crossing).culprit?.ending == .queue(QueueTarget(numbers: 2...4, bypass: true)))
        crossing.endedInQueue = false
        #expect(ruleset.culprit(of: crossing).culprit?.ending == .reject(with: "tcp reset"))
    }

    @Test func `Address translation is blamed only for want of anyone else`() throws {
        let nat = [
            N.base("pre", priority: 100, type: "nat"),
            N.rule(1, "pre", N.port22 + #", {"dnat": {"addr": "10.0.0.9"}}"#),
        ]
        let found = try answer(nat)
        #expect(found.culprit == nil && found.suspects.first?.ending == .natFailure("dnat"))
        #expect(try answer(nat, connection: .established) == .nothing)
        #expect(try answer(nat + [N.base("in"), N.rule(2, "in", N.drop)]).handles == [2])
    }

    @Test func `A drop before address translation does not hide one behind it`() throws {
        let crossing = HookCrossing(hook: .prerouting, family: .ipv4, packet: Packets.syn22, input: "eth0")
        let early = [
            N.table(), N.base("early", hook: "prerouting", priority: -150), N.rule(1, "early", N.port22 + "," + N.drop),
        ]
        let late = [N.base("late", hook: "prerouting", priority: 0), N.rule(2, "late", N.drop)]
        let nat = [N.base("nat", hook: "prerouting", priority: -100, type: "nat")]
        #expect(try N.ruleset(early + late).culprit(of: crossing).handles == [1])
        #expect(try N.ruleset(early + late + nat).culprit(of: crossing).handles == [1, 2])
    }

    @Test func `Devices decide at the hooks of devices`() throws {
        let objects = [
            N.table("netdev", "n"), N.base("in", table: "n", family: "netdev", hook: "ingress", device: "eth0"),
            N.rule(1, "in", N.port22 + "," + N.drop, table: "n", family: "netdev"),
        ]
        let ruleset = try N.ruleset(objects)
        var crossing = HookCrossing(
            hook: .ingress, family: .netdev, packet: Packets.syn22, etherType: 0x0800, input: "eth0")
        #expect(ruleset.culprit(of: crossing).handles == [1])
        crossing.input = .named("eth1")
        #expect(ruleset.culprit(of: crossing) == .nothing)
        crossing = HookCrossing(hook: .ingress, family: .netdev, packet: Packets.syn22, input: "eth0")
        #expect(ruleset.culprit(of: crossing).culprit == nil)
    }

    @Test func `Chains that lead round and round are given up`() throws {
        var objects = [N.base("in")]
        for index in 0..<40 {
            objects.append(N.chain("c\(index)"))
            for handle in 0..<3 {
                objects.append(
                    N.rule(index * 3 + handle, "c\(index)", N.someState + "," + jump("c\((index + 1) % 40)")))
            }
        }
        objects.append(N.rule(999, "in", jump("c0")))
        #expect(try answer(objects).culprit == nil)
    }

    @Test func `A map that changes by itself, or with verdicts that are not known, may do anything`() throws {
        let vmap = { (data: String) in
            #"{"vmap": {"key": {"payload": {"protocol": "ip", "field": "saddr"}}, "data": \#(data)}}"#
        }
        let map = #"{"map": {"family": "inet", "table": "t", "name": "m", "type": "ipv4_addr", "flags": ["timeout"]}}"#
        let named = [N.base("in"), map, N.rule(1, "in", vmap(#""@m""#)), N.rule(2, "in", N.drop)]
        #expect(try answer(named).culprit == nil)
        let strange = [N.base("in"), N.rule(1, "in", vmap(#"{"set": [["10.0.0.1", {"a-new-one": null}]]}"#))]
        #expect(try answer(strange).suspects.first?.ending == .extensionVerdict("a verdict of a map"))
    }

    @Test func `Frames and ARP may have met rules that no listing shows`() throws {
        let arp: [UInt8] = [0, 1, 8, 0, 6, 4, 0, 1, 2, 0, 0, 0, 0, 1, 10, 0, 0, 1, 0, 0, 0, 0, 0, 0, 10, 0, 0, 2]
        let crossing = HookCrossing(hook: .input, family: .arp, packet: arp, input: "eth0")
        let sender = #"{"payload": {"protocol": "arp", "field": "saddr ip"}}"#
        let request =
            #"{"match": {"op": "==", "left": {"payload": {"protocol": "arp", "field": "operation"}}, "right": "request"}}"#
        let objects = [N.table("arp", "a"), N.base("in", table: "a", family: "arp")]
        let rule = { (address: String) in
            let match = #"{"match": {"op": "==", "left": \#(sender), "right": "\#(address)"}}"#
            return N.rule(1, "in", [request, match, N.drop].joined(separator: ","), table: "a", family: "arp")
        }
        #expect(try N.ruleset(objects + [rule("10.0.0.1")]).culprit(of: crossing).culprit != nil)
        let found = try N.ruleset(objects + [rule("10.0.0.9")]).culprit(of: crossing)
        #expect(found != .nothing && found.suspects.isEmpty)
    }
}
