import Diagnosis
import FoundationEssentials
import Rendering
import Testing
import Tracers
import Text

struct ExplanationTests {
    private let catalog: CauseCatalog

    init() throws {
        let json = #"""
            {"name": "all", "description": "d", "tracers": [{"name": "f", "description": "d"}],
             "causes": [
               {"slug": "no-door", "group": "walls", "severity": "error", "title": "there is no door",
                "meaning": "The packet came to a wall. It went on looking for a door until its time was over, and then it was gone for good.",
                "arises": ["nobody built one"], "check": [{"run": "sysctl net/x/{dev}", "note": "is {dev} a door?"}],
                "fix": [{"run": "sysctl -w net/x/{dev}=1", "note": "a door"}, {"note": "or a ladder"}],
                "counters": ["IpInDiscards", "IpExtInNoRoutes"], "see": ["open"], "locations": ["wall"],
                "refines": [{"reason": "SKB_DROP_REASON_OPEN", "location": "hall"}],
                "returns": [{"tracer": "f", "value": "NF_DROP"}]},
               {"slug": "open", "group": "doors", "severity": "normal", "title": "it went through", "meaning": "Fine.", "arises": [],
                "locations": ["wall"]}],
             "reasons": [
               {"name": "SKB_DROP_REASON_WALL", "cause": "no-door", "meaning": "A wall."},
               {"name": "SKB_DROP_REASON_OPEN", "cause": "open", "meaning": "A\u001b[31m door.", "normal": true},
               {"name": "OVS_DROP_X", "cause": "open", "meaning": "A switch."}]}
            """#
        catalog = try CauseCatalog(json: json.utf8, tracers: TracerCatalog(json: json.utf8))
    }

    private func explanation(_ name: String, value: UInt32? = nil) throws -> Explanation {
        Explanation(.topic(try #require(catalog.topic(named: name))), value: value, catalog: catalog)
    }

    private func text(_ render: (inout ByteBuffer) throws -> Void) rethrows -> String {
        var buffer = ByteBuffer()
        try render(&buffer)
        return buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test func aReasonIsToldWithItsCause() throws {
        let text = try text { try explanation("WALL", value: 7).render(into: &$0) }
        #expect(
            text == """
                drop reason SKB_DROP_REASON_WALL (7 on this kernel)
                  A wall.

                no-door: there is no door [walls, error]
                  The packet came to a wall. It went on looking for a door until its time was over, and then it
                  was gone for good.

                how it arises
                  - nobody built one

                check
                  $ sysctl net/x/{dev}
                      is {dev} a door?

                fix
                  $ sysctl -w net/x/{dev}=1
                      a door
                  - or a ladder

                counters
                  $ nstat -az IpInDiscards IpExtInNoRoutes

                in a trace
                  - drop reason WALL
                  - drop reason OPEN in hall
                  - dropped without a reason in wall
                  - returned: NF_DROP from f

                see also
                  nettrace explain open: it went through

                in the commands
                  {dev}: the device that the packet was on when it was dropped
                  Run them in the network namespace of the packet (ip netns exec, nsenter).
                  A sysctl that is not there belongs to the whole machine: use the initial namespace.
                  sysctl -w lasts until the next boot; a file in /etc/sysctl.d keeps it.

                """)
    }

    @Test func aNormalReasonSaysSoAndWhereItMeansMore() throws {
        let text = try text { try explanation("open").render(into: &$0) }
        #expect(text.contains("Part of normal operation"))
        #expect(text.contains("In hall it means no-door: there is no door."))
        #expect(!text.contains("\u{1b}"))
        #expect(!text.contains("in the commands"))
    }

    @Test func aFunctionTellsEveryCauseItMayStandFor() throws {
        let text = try text { try explanation("wall").render(into: &$0) }
        #expect(text.hasPrefix("drop reason SKB_DROP_REASON_WALL"))
        let both = Explanation(.topic(.location("wall", catalog.causes(atLocation: "wall"))), catalog: catalog)
        let told = self.text { both.render(into: &$0) }
        #expect(told.hasPrefix("kernel function wall\n"))
        #expect(told.contains("one of 2 causes"))
        #expect(told.contains("\nno-door: "))
        #expect(told.contains("\nopen: "))
    }

    @Test func coloursAreForTerminals() throws {
        let plain = try text { try explanation("no-door").render(into: &$0) }
        let coloured = try text { try explanation("no-door").render(coloured: true, into: &$0) }
        #expect(!plain.contains("\u{1b}"))
        #expect(coloured.contains("\u{1b}[36msysctl -w net/x/{dev}=1"))
    }

    @Test func aReasonOfANewerKernelIsNotInvented() {
        let explanation = Explanation(
            .unexplained(reason: "SKB_DROP_REASON_BRAND_NEW"), value: 900, catalog: catalog)
        let text = text { explanation.render(into: &$0) }
        #expect(text.hasPrefix("drop reason SKB_DROP_REASON_BRAND_NEW (900 on this kernel)\n"))
        #expect(text.contains("does not know what it means"))
        #expect(text.contains("look for BRAND_NEW in net/"))
    }

    @Test func jsonHasEverything() throws {
        let line = try text { try explanation("WALL", value: 7).renderJSON(into: &$0) }
        #expect(line.last == "\n")
        let value = try JSONDecoder().decode(JSONValue.self, from: Data(line.utf8))
        #expect(value["kind"] == .string("reason"))
        #expect(value["name"] == .string("SKB_DROP_REASON_WALL"))
        #expect(value["known"] == .bool(true))
        #expect(value["normal"] == .bool(false))
        #expect(value["value"] == .number(7))
        #expect(line.contains(#""slug":"no-door""#))
        #expect(line.contains(#""check":[{"note":"is {dev} a door?","run":"sysctl net/x/{dev}"}]"#))
        #expect(line.contains(#""returns":[{"tracer":"f","value":"NF_DROP"}]"#))
        let unknown = try text {
            try Explanation(.unexplained(reason: "NEW"), catalog: catalog).renderJSON(into: &$0)
        }
        #expect(unknown == #"{"causes":[],"kind":"reason","known":false,"name":"NEW"}"# + "\n")
    }

    /// For everything that the program explains.
    @Test func jsonFitsThePublishedSchema() throws {
        let schema = try SchemaValidator("explain")
        let all = try CauseCatalog.embedded()
        let topics =
            all.causes.map(ExplainTopic.cause) + all.reasons.map(ExplainTopic.reason)
            + all.counters.compactMap { all.topic(named: $0.names[0].replacing("*", with: "X")) }
        for topic in topics {
            let line = try text { try Explanation(.topic(topic), value: 7, catalog: all).renderJSON(into: &$0) }
            #expect(schema.problems(line, of: "topic") == [])
        }
        let list = try text { try ExplanationList(catalog: all, kernel: [900: "NEW"]).renderJSON(into: &$0) }
        #expect(schema.problems(list, of: "list") == [])
        #expect(schema.problems(list, of: "topic") != [])
    }

    @Test func theListHasACauseAndAReasonPerLine() {
        let list = ExplanationList(
            catalog: catalog, kernel: [4: "SKB_DROP_REASON_WALL", 5: "SKB_DROP_REASON_NEW", 0x30001: "OVS_DROP_X"])
        #expect(
            text { list.render(into: &$0) } == """
                causes: walls
                  no-door  there is no door

                causes: doors
                  open     it went through

                drop reasons: core
                  WALL        no-door (4)
                  OPEN        open, normal

                drop reasons: openvswitch
                  OVS_DROP_X  open (196609)

                drop reasons: of this kernel, not explained
                  NEW         (5)

                """)
    }

    @Test func theListAsJSONTellsWhatTheKernelHas() throws {
        let list = ExplanationList(catalog: catalog, kernel: [5: "SKB_DROP_REASON_NEW"])
        let line = try text { try list.renderJSON(into: &$0) }
        #expect(line.contains(#"{"name":"SKB_DROP_REASON_NEW","value":5}"#))
        #expect(line.contains(#"{"cause":"no-door","name":"SKB_DROP_REASON_WALL","normal":false}"#))
        #expect(line.contains(#"{"group":"walls","severity":"error","slug":"no-door","title":"there is no door"}"#))
    }
}
