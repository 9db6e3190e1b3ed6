import Testing
import Tracers

struct CatalogDecodingTests {
    private func catalog(_ tracers: String, more: String = "") throws(TracerCatalogError) -> TracerCatalog {
        try TracerCatalog(json: #"{"name": "all", "description": "d", \#(more) "tracers": [\#(tracers)]}"#.utf8)
    }

    private func invalidPath(_ tracers: String, more: String = "") -> String? {
        do {
            _ = try catalog(tracers, more: more)
            return nil
        } catch .invalid(let path, _, _) {
            return path
        } catch {
            return "\(error)"
        }
    }

    @Test func decodesEverythingATracerCanSay() throws {
        let catalog = try catalog(
            #"""
            {"name": "drop", "kernel": ["new_free", "old_free"], "flags": ["free", "drop", "off"], "description": "gone",
             "fallback": {"skb": 2, "offset": 16}},
            {"name": "net:rx", "kind": "tracepoint", "instead_of": "drop", "description": "in", "flags": ["matcher"]},
            {"name": "hook", "returns": "verdict", "description": "decides"}
            """#)
        let drop = catalog[TracerID(rawValue: 0)]
        #expect(drop.kernelNames == ["new_free", "old_free"])
        #expect(drop.kind == .function)
        #expect(drop.flags == [.free, .drop, .off])
        #expect(drop.fallback == ArgumentFallback(skb: 2, offset: 16))
        let receive = catalog[TracerID(rawValue: 1)]
        #expect(receive.kernelNames == ["net:rx"])
        #expect(receive.kind == .tracepoint)
        #expect(receive.insteadOf == drop.id)
        #expect(catalog.tracers(onKernelName: "old_free") == [drop.id])
        #expect(drop.returns == nil && catalog.tracer(named: "hook")?.returns == .verdict)
    }

    @Test func aGroupsOwnTracersComeFirst() throws {
        let json = #"""
            {"name": "all", "description": "d", "groups": [
              {"name": "a", "description": "d", "includes": ["z"], "tracers": [{"name": "x", "description": "d"}],
               "groups": [{"name": "b", "description": "d", "tracers": [{"name": "y", "description": "d"}]}]},
              {"name": "c", "description": "d", "tracers": [{"name": "z", "description": "d", "flags": ["off"]}]}]}
            """#
        let catalog = try TracerCatalog(json: json.utf8)
        #expect(catalog.tracers.map(\.name) == ["x", "y", "z"])
        #expect(catalog.groups.map(\.name) == ["all", "a", "b", "c"])
        #expect(catalog.groups.map(\.depth) == [0, 1, 2, 1])
        // An include counts even if the tracer is off in its own group.
        #expect(
            catalog.selected(by: try #require(catalog.group(named: "a"))).map { catalog[$0].name } == ["x", "y", "z"])
        // Where all are off, their group means all of them.
        #expect(catalog.selected(by: try #require(catalog.group(named: "c"))).map { catalog[$0].name } == ["z"])
    }

    @Test(arguments: [
        (#"{"name": "a", "description": "d"}, {"name": "a", "description": "d"}"#, "tracers[1].name"),
        (#"{"name": "all", "description": "d"}"#, "tracers[0].name"),
        (#"{"name": "a", "description": "d", "returns": "nothing"}"#, "tracers[0].returns"),
        (#"{"name": "a:b", "kind": "tracepoint", "description": "d", "returns": "errno"}"#, "tracers[0].returns"),
        (#"{"name": "a b", "description": "d"}"#, "tracers[0].name"),
        (#"{"name": "", "description": "d"}"#, "tracers[0].name"),
        (#"{"name": "a*", "description": "d"}"#, "tracers[0].name"),
        (#"{"name": "a", "description": ""}"#, "tracers[0].description"),
        (#"{"name": "a", "description": "d\ne"}"#, "tracers[0].description"),
        (#"{"name": "a"}"#, "tracers[0]"),
        (#"{"name": 3, "description": "d"}"#, "tracers[0].name"),
        (#"{"name": "a", "description": "d", "flag": []}"#, "tracers[0]"),
        (#"{"name": "a", "description": "d", "flags": ["free", "frei"]}"#, "tracers[0].flags[1]"),
        (#"{"name": "a", "description": "d", "kind": "kprobe"}"#, "tracers[0].kind"),
        (#"{"name": "a", "description": "d", "kernel": []}"#, "tracers[0].kernel"),
        (#"{"name": "a", "description": "d", "kernel": ["a.isra.0"]}"#, "tracers[0].kernel"),
        (#"{"name": "a", "description": "d", "kernel": ["0a"]}"#, "tracers[0].kernel"),
        (#"{"name": "net:rx", "description": "d"}"#, "tracers[0].name"),
        (#"{"name": "rx", "description": "d", "kind": "tracepoint"}"#, "tracers[0].name"),
        (#"{"name": "a", "description": "d", "kernel": ["a:b:c"], "kind": "tracepoint"}"#, "tracers[0].kernel"),
        (#"{"name": "a", "description": "d", "fallback": {"skb": 0}}"#, "tracers[0].fallback.skb"),
        (#"{"name": "a", "description": "d", "fallback": {"skb": 6}}"#, "tracers[0].fallback.skb"),
        (#"{"name": "a", "description": "d", "fallback": {"skb": 1, "offset": -8}}"#, "tracers[0].fallback.offset"),
        (#"{"name": "a", "description": "d", "fallback": {"offset": 8}}"#, "tracers[0].fallback"),
        (#"{"name": "a:b", "description": "d", "kind": "tracepoint", "fallback": {"skb": 1}}"#, "tracers[0].fallback"),
        (#"{"name": "a", "description": "d", "instead_of": "b"}"#, "tracers[0].instead_of"),
        (#"{"name": "a", "description": "d", "instead_of": "a"}"#, "tracers[0].instead_of"),
        (
            #"{"name": "a", "description": "d", "instead_of": "b"}, {"name": "b", "description": "d", "instead_of": "a"}"#,
            "tracers[0].instead_of"
        ),
    ])
    func mistakesHaveAPath(tracers: String, path: String) {
        #expect(invalidPath(tracers) == path)
    }

    @Test(arguments: [
        (#""groups": [{"name": "g", "description": "d"}],"#, "groups[0]"),
        (#""groups": [{"name": "g", "description": "d", "tracers": []}],"#, "groups[0]"),
        (
            #""groups": [{"name": "a", "description": "d", "tracers": [{"name": "b", "description": "d"}]}],"#,
            "groups[0].name"
        ),
        (#""includes": ["b"],"#, "includes[0]"),
        (#""includes": ["all"],"#, "includes[0]"),
        (#""groups": {},"#, "groups"),
    ])
    func mistakesInGroupsHaveAPath(more: String, path: String) {
        #expect(invalidPath(#"{"name": "a", "description": "d"}"#, more: more) == path)
    }

    @Test func errorsSayWhatToDo() {
        #expect(
            throws: TracerCatalogError.invalid(
                path: "tracers[0]", problem: "unknown key \"descripton\"", remedy: "did you mean \"description\"?")
        ) {
            try catalog(#"{"name": "a", "descripton": "d"}"#)
        }
        #expect(
            throws: TracerCatalogError.invalid(
                path: "includes[0]", problem: "there is no tracer \"ip_rvc\"", remedy: "did you mean ip_rcv?")
        ) {
            try catalog(#"{"name": "ip_rcv", "description": "d"}"#, more: #""includes": ["ip_rvc"],"#)
        }
    }

    @Test(arguments: ["", "{", "[]", "null", "\u{0}", #"{"name": "all", "description": "d", "tracers": ["#])
    func whatIsNoCatalogIsRefused(text: String) {
        #expect(throws: TracerCatalogError.self) { try TracerCatalog(json: text.utf8) }
    }

    @Test func everyMeaningIsDeclaredSomewhere() throws {
        let declared = Set(try TracerCatalog.embedded().tracers.compactMap(\.returns))
        #expect(declared == Set(ReturnMeaning.allCases))
    }

    /// The embedded file is decoded without a check of its keys.
    @Test func theEmbeddedFileHasNoKeysButOurs() throws {
        let checked = try TracerCatalog(json: TracerCatalog.embeddedJSON)
        #expect(checked.names == (try TracerCatalog.embedded().names))
    }
}
