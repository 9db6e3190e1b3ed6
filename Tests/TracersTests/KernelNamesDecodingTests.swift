import Testing
import Tracers

/// The keys `role`, `life` and `netfilter` of tracers.json.
struct KernelNamesDecodingTests {
    private static let tracers = #""tracers": [{"name": "a", "description": "d"}]"#

    private static func catalog(_ more: String) throws(TracerCatalogError) -> TracerCatalog {
        try TracerCatalog(json: #"{"name": "all", "description": "d", \#(more)}"#.utf8)
    }

    private static func life(
        links: String = #"[{"functions": ["copy"], "complete": true}]"#,
        ends: String =
            #"[{"functions": ["free", "old_free"], "complete": true}, {"functions": ["reuse"], "unless": "skb:gone"}]"#,
        consumption: String = "skb:gone", drop: String = "skb:lost",
        fragments: String = #"{"always": ["release"], "after_whole": ["free_list"]}"#
    ) -> String {
        #""life": {"links": \#(links), "ends": \#(ends), "consumption": "\#(consumption)", "drop": "\#(drop)", "fragments": \#(fragments)}, \#(tracers)"#
    }

    private static func netfilter(
        _ caller: String, queues: String = #"["queue"]"#,
        engines: String = #"{"nftables": ["nft"], "xtables": ["ipt"]}"#
    ) -> String {
        #""netfilter": {"callers": [{"hook": "input", "functions": ["in"]}, \#(caller)], "queues": \#(queues), "engines": \#(engines)}, \#(tracers)"#
    }

    @Test func aTracerHasItsOwnRoleOrThatOfTheNextGroup() throws {
        let catalog = try Self.catalog(
            #"""
            "groups": [
              {"name": "in", "role": "receive", "description": "d",
               "tracers": [{"name": "a", "description": "d"}, {"name": "b", "role": "deliver", "description": "d"}],
               "groups": [{"name": "deep", "description": "d", "tracers": [{"name": "c", "description": "d"}]}]},
              {"name": "other", "description": "d", "tracers": [{"name": "e", "description": "d"}]}]
            """#)
        #expect(catalog.tracers.map(\.role) == [.receive, .deliver, .receive, .onward])
        #expect(catalog.role(ofTracer: "b", group: "gone") == .deliver)
        #expect(catalog.role(ofTracer: "gone", group: "in") == .receive)
        #expect(catalog.role(ofTracer: "gone", group: "gone") == .onward)
    }

    @Test func theBuiltInRolesAreThoseThatEndingsNeed() throws {
        let catalog = try TracerCatalog.embedded()
        func tracers(_ role: HookRole) -> [Tracer] { catalog.tracers.filter { $0.role == role } }
        #expect(tracers(.transmit).map(\.name) == ["dev_hard_start_xmit", "net:net_dev_start_xmit"])
        #expect(
            tracers(.deliver).map(\.name)
                == ["skb_consume_udp", "skb_copy_datagram_iter", "skb:skb_copy_datagram_iovec"])
        #expect(
            Set(tracers(.receive).map { catalog[$0.group].name }) == ["link-in", "ip-in", "ipv6-in", "tcp-in"])
        #expect(Set(tracers(.aside).map { catalog[$0.group].name }) == ["link-out", "life"])
    }

    @Test func aFileWithoutThemHasTheBuiltInOnes() throws {
        let catalog = try Self.catalog(Self.tracers)
        let builtIn = try TracerCatalog.embedded()
        #expect(catalog.life == builtIn.life && catalog.netfilter == builtIn.netfilter)
    }

    @Test func aFileMayHaveItsOwn() throws {
        let life = try Self.catalog(Self.life()).life
        #expect(life.links.map(\.functions) == [["copy"]] && life.links[0].isComplete)
        #expect(life.ends.map(\.functions) == [["free", "old_free"], ["reuse"]])
        #expect(life.ends.map(\.isComplete) == [true, false])
        #expect(life.ends.map(\.tracepointInside) == [nil, "skb:gone"])
        #expect(life.consumption == "skb:gone" && life.drop == "skb:lost")
        #expect(life.fragmentReleases == ["release"] && life.fragmentReleasesAfterWhole == ["free_list"])
        let netfilter = try Self.catalog(
            Self.netfilter(
                #"""
                {"hook": "forward", "family": "bridge", "functions": ["flood"], "output_after": "start"},
                {"hook": "prerouting", "bridged": true, "functions": ["pre"]}
                """#)
        ).netfilter
        #expect(netfilter.callers.map(\.function) == ["in", "flood", "pre"])
        #expect(netfilter.callers.map(\.hook) == [.input, .forward, .prerouting])
        #expect(netfilter.callers.map(\.family) == [nil, .bridge, nil])
        #expect(netfilter.callers.map(\.isForBridge) == [false, false, true])
        #expect(netfilter.callers.map(\.outputAfter) == [nil, "start", nil])
        #expect(netfilter.queues == ["queue"] && netfilter.nftables == ["nft"] && netfilter.xtables == ["ipt"])
    }

    private static let mistakes: [(json: String, path: String)] = [
        (#""role": "in", \#(tracers)"#, "role"),
        (#""tracers": [{"name": "a", "role": "receiver", "description": "d"}]"#, "tracers[0].role"),
        (life(links: #"[{"functions": ["copy"]}]"#), "life.links"),
        (life(links: "[]"), "life.links"),
        (life(links: #"[{"functions": [], "complete": true}]"#), "life.links[0].functions"),
        (life(links: #"[{"functions": ["copy.isra.0"], "complete": true}]"#), "life.links[0].functions"),
        (life(links: #"[{"functions": ["copy"], "complete": "yes"}]"#), "life.links[0].complete"),
        (life(links: #"[{"function": ["copy"]}]"#), "life.links[0]"),
        (life(ends: #"[{"functions": ["free"], "complete": true, "unless": "gone"}]"#), "life.ends[0].unless"),
        (life(consumption: "gone"), "life.consumption"),
        (life(drop: "skb:"), "life.drop"),
        (life(fragments: #"{"always": ["a"]}"#), "life.fragments"),
        (life(fragments: #"{"always": ["a b"], "after_whole": []}"#), "life.fragments.always"),
        (life(fragments: #"{"always": ["a"], "after_whole": ["a"]}"#), "life.fragments.after_whole"),
        (#""life": {"links": []}, \#(tracers)"#, "life"),
        (netfilter(#"{"hook": "inward", "functions": ["a"]}"#), "netfilter.callers[1].hook"),
        (netfilter(#"{"hook": "input", "functions": []}"#), "netfilter.callers[1].functions"),
        (netfilter(#"{"hook": "output", "functions": ["in"]}"#), "netfilter.callers[1].functions"),
        (netfilter(#"{"hook": "input", "functions": ["a"], "family": "ip"}"#), "netfilter.callers[1].family"),
        (
            netfilter(#"{"hook": "input", "functions": ["a"], "family": "bridge", "bridged": true}"#),
            "netfilter.callers[1].bridged"
        ),
        (
            netfilter(#"{"hook": "input", "functions": ["a"], "output_after": "b"}"#),
            "netfilter.callers[1].output_after"
        ),
        (
            netfilter(#"{"hook": "forward", "functions": ["a"], "output_after": "b:c"}"#),
            "netfilter.callers[1].output_after"
        ),
        (netfilter(#"{"hook": "input", "function": "a"}"#), "netfilter.callers[1]"),
        (netfilter(#"{"hook": "input", "functions": ["a"]}"#, queues: #"["1a"]"#), "netfilter.queues"),
        (
            netfilter(#"{"hook": "input", "functions": ["a"]}"#, engines: #"{"nftables": []}"#),
            "netfilter.engines"
        ),
        (
            netfilter(#"{"hook": "input", "functions": ["a"]}"#, engines: #"{"nftables": ["b"], "xtables": ["b"]}"#),
            "netfilter.engines.xtables"
        ),
    ]

    @Test(arguments: mistakes)
    func mistakesHaveAPath(json: String, path: String) {
        do {
            _ = try Self.catalog(json)
            Issue.record("accepted")
        } catch .invalid(let found, let problem, let remedy) {
            #expect(found == path && !problem.isEmpty && !remedy.isEmpty)
        } catch {
            Issue.record("\(error)")
        }
    }

    @Test func errorsNameTheWordsThatMayStandThere() {
        #expect(
            throws: TracerCatalogError.invalid(
                path: "netfilter.callers[1].hook", problem: "unknown hook \"inward\"",
                remedy: "use prerouting, input, forward, output, postrouting, ingress, egress")
        ) { try Self.catalog(Self.netfilter(#"{"hook": "inward", "functions": ["a"]}"#)) }
        #expect(
            throws: TracerCatalogError.invalid(
                path: "role", problem: "unknown role \"in\"", remedy: "use receive, transmit, deliver, aside, onward")
        ) { try Self.catalog(#""role": "in", \#(Self.tracers)"#) }
        #expect(
            throws: TracerCatalogError.invalid(
                path: "life.links[0].complete", problem: "the value has the wrong type", remedy: "write true or false")
        ) { try Self.catalog(Self.life(links: #"[{"functions": ["copy"], "complete": "yes"}]"#)) }
    }
}
