import Diagnosis
import Testing
import Tracers

/// Errors that a user who adds a cause can make.
struct CauseSchemaTests {
    private static let good = #"""
        "slug": "a", "group": "g", "severity": "error", "title": "t", "meaning": "m.", "arises": ["x"]
        """#

    private func catalog(causes: String, reasons: String = "") throws(TracerCatalogError) -> CauseCatalog {
        let json = #"""
            {"name": "all", "description": "d", "tracers": [{"name": "f", "description": "d"}],
             "causes": [\#(causes)], "reasons": [\#(reasons)]}
            """#
        return try CauseCatalog(json: json.utf8, tracers: TracerCatalog(json: json.utf8))
    }

    private func error(_ causes: String, reasons: String = "") -> TracerCatalogError? {
        do {
            _ = try catalog(causes: causes, reasons: reasons)
            return nil
        } catch {
            return error
        }
    }

    @Test func aUsersCauseIsTaken() throws {
        let catalog = try catalog(
            causes: #"""
                {\#(Self.good), "check": [{"run": "ip link show dev {dev}", "note": "n"}], "fix": [{"note": "n"}],
                 "counters": ["IpInDiscards"], "locations": ["f"], "see": ["b"], "narrower": ["b"], "stray": true,
                 "refines": [{"reason": "SKB_DROP_REASON_X", "location": "g"}],
                 "returns": [{"tracer": "f", "value": "-EINVAL"}]},
                {"slug": "b", "group": "g", "severity": "normal", "title": "t", "meaning": "m", "arises": []}
                """#,
            reasons: #"{"name": "SKB_DROP_REASON_X", "cause": "b", "meaning": "m", "normal": true}"#)
        #expect(catalog.cause(forReason: "X")?.slug == "b")
        #expect(catalog.cause(forReason: "X", at: "g+0x1")?.slug == "a")
        #expect(catalog.cause(forLocation: "f")?.slug == "a")
        #expect(catalog.cause(forReturn: -22, of: "f")?.slug == "a")
        #expect(catalog.isNormal(reason: "X"))
        #expect(catalog.cause(named: "a")?.check.first?.command == "ip link show dev {dev}")
        #expect(catalog.cause(named: "a")?.fix.first?.command == nil)
        #expect(catalog.cause(named: "a")?.narrower == ["b"])
        #expect(catalog.cause(named: "a")?.isStray == true)
        #expect(catalog.cause(named: "b")?.isStray == false)
    }

    @Test func aFileWithoutCausesBorrowsTheBuiltInOnes() throws {
        let json = #"{"name": "all", "description": "d", "tracers": [{"name": "f", "description": "d"}]}"#
        let catalog = try CauseCatalog(json: json.utf8, tracers: TracerCatalog(json: json.utf8))
        #expect(catalog.cause(named: "no-listener") != nil)
    }

    @Test func aFileWithEmptyListsHasNone() throws {
        #expect(try catalog(causes: "").causes.isEmpty)
    }

    @Test(arguments: [
        (#"{\#(good), "slag": "b"}"#, "causes[0]"),
        (#"{"slug": "a", "group": "g", "severity": "error", "title": "t", "meaning": "m"}"#, "causes[0]"),
        (#"{\#(good)}, {\#(good)}"#, "causes[1].slug"),
        (
            #"{"slug": "A b", "group": "g", "severity": "error", "title": "t", "meaning": "m", "arises": []}"#,
            "causes[0].slug"
        ),
        (
            #"{"slug": "a", "group": "g", "severity": "bad", "title": "t", "meaning": "m", "arises": []}"#,
            "causes[0].severity"
        ),
        (
            #"{"slug": "a", "group": "g", "severity": "error", "title": "", "meaning": "m", "arises": []}"#,
            "causes[0].title"
        ),
        (
            #"{"slug": "a", "group": "g", "severity": "error", "title": "t", "meaning": "m\nn", "arises": []}"#,
            "causes[0].meaning"
        ),
        (
            #"{"slug": "a", "group": "g", "severity": "error", "title": "t", "meaning": "m", "arises": [""]}"#,
            "causes[0].arises[0]"
        ),
        (
            #"{"slug": "a", "group": "g", "severity": "error", "title": "t", "meaning": 3, "arises": []}"#,
            "causes[0].meaning"
        ),
        (#"{\#(good), "check": [{"run": "ip link show {devv}", "note": "n"}]}"#, "causes[0].check[0].run"),
        (#"{\#(good), "fix": [{"note": "n"}, {"note": "ask {nobody}"}]}"#, "causes[0].fix[1].note"),
        (#"{\#(good), "fix": [{"run": "x"}]}"#, "causes[0].fix[0]"),
        (#"{\#(good), "fix": [{"do": "x", "note": "n"}]}"#, "causes[0].fix[0]"),
        (#"{\#(good), "counters": ["ListenDrops"]}"#, "causes[0].counters[0]"),
        (#"{\#(good), "see": ["a"]}"#, "causes[0].see[0]"),
        (#"{\#(good), "see": ["b"]}"#, "causes[0].see[0]"),
        (#"{\#(good), "narrower": ["a"]}"#, "causes[0].narrower[0]"),
        (#"{\#(good), "narrower": ["b"]}"#, "causes[0].narrower[0]"),
        (#"{\#(good), "stray": "no"}"#, "causes[0].stray"),
        (#"{\#(good), "or": ["b"]}"#, "causes[0].or[0]"),
        (#"{\#(good), "silent": ["tcp-syn", "tcp-fin"]}"#, "causes[0].silent[1]"),
        (#"{\#(good), "locations": ["f+0x1"]}"#, "causes[0].locations[0]"),
        (#"{\#(good), "refines": [{"reason": "SKB_DROP_REASON_X", "location": "g"}]}"#, "causes[0].refines[0].reason"),
        (#"{\#(good), "returns": [{"tracer": "g", "value": "NF_DROP"}]}"#, "causes[0].returns[0].tracer"),
        (#"{\#(good), "returns": [{"tracer": "f", "value": "NF_DORP"}]}"#, "causes[0].returns[0].value"),
        (
            #"{\#(good), "returns": [{"tracer": "f", "value": "NF_DROP"}, {"tracer": "f", "value": "0"}]}"#,
            "causes[0].returns[1]"
        ),
    ])
    func mistakesInACauseAreNamed(causes: String, path: String) {
        guard case .invalid(let found, let problem, let remedy) = error(causes) else {
            Issue.record("accepted, or not JSON: \(causes)")
            return
        }
        #expect(found == path)
        #expect(!problem.isEmpty)
        #expect(!remedy.isEmpty)
    }

    @Test(arguments: [
        (#"{"name": "X", "cause": "b", "meaning": "m"}"#, "reasons[0].cause"),
        (#"{"name": "X Y", "cause": "a", "meaning": "m"}"#, "reasons[0].name"),
        (#"{"name": "X", "cause": "a", "meaning": ""}"#, "reasons[0].meaning"),
        (#"{"name": "X", "cause": "a", "meaning": "m", "noise": true}"#, "reasons[0]"),
        (
            #"{"name": "SKB_DROP_REASON_X", "cause": "a", "meaning": "m"}, {"name": "X", "cause": "a", "meaning": "m"}"#,
            "reasons[1].name"
        ),
    ])
    func mistakesInAReasonAreNamed(reasons: String, path: String) {
        guard case .invalid(let found, _, _) = error("{\(Self.good)}", reasons: reasons) else {
            Issue.record("accepted, or not JSON: \(reasons)")
            return
        }
        #expect(found == path)
    }

    @Test func onePlaceCannotMeanTwoCauses() {
        let reason = #"{"name": "X", "cause": "a", "meaning": "m"}"#
        let refined = #""refines": [{"reason": "X", "location": "g"}]"#
        let second =
            #"{"slug": "b", "group": "g", "severity": "error", "title": "t", "meaning": "m", "arises": [], \#(refined)}"#
        guard case .invalid(let path, let problem, _) = error("{\(Self.good), \(refined)}, \(second)", reasons: reason)
        else {
            Issue.record("accepted")
            return
        }
        #expect(path == "causes[1].refines[0]")
        #expect(problem.contains("causes[0]"))
    }

    @Test func theTreeStillRefusesStrayKeys() {
        #expect(throws: TracerCatalogError.self) {
            try TracerCatalog(json: #"{"name": "all", "description": "d", "cause": [], "tracers": []}"#.utf8)
        }
        #expect(throws: TracerCatalogError.self) {
            try TracerCatalog(
                json:
                    #"{"name": "all", "description": "d", "groups": [{"name": "g", "description": "d", "causes": [], "tracers": [{"name": "f", "description": "d"}]}]}"#
                    .utf8)
        }
    }
}
