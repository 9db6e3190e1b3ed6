import Testing
import Tracers

struct TracerSelectionTests {
    let catalog: TracerCatalog

    init() throws {
        let json = #"""
            {"name": "all", "description": "d", "groups": [
              {"name": "ip", "description": "d", "includes": ["skb:kfree_skb"], "tracers": [
                {"name": "ip_rcv", "description": "d"},
                {"name": "ip_rcv_core", "description": "d", "flags": ["off"]},
                {"name": "ip_output", "description": "d"}]},
              {"name": "life", "description": "d", "tracers": [
                {"name": "kfree_skb", "kernel": ["sk_skb_reason_drop", "kfree_skb"], "flags": ["off"], "description": "d"},
                {"name": "skb:kfree_skb", "kind": "tracepoint", "description": "d"}]}]}
            """#
        catalog = try TracerCatalog(json: json.utf8)
    }

    private func names(_ wanted: String..., excluding: [String] = []) throws -> [String] {
        let selection = try TracerSelection(wanted: wanted, excluded: excluding, from: catalog)
        return selection.items.map { item in
            switch item {
            case .tracer(let id, let explicit): catalog[id].name + (explicit ? "!" : "")
            case .kernel(let pattern): pattern.description
            case .under(let pattern): "+\(pattern)"
            }
        }
    }

    @Test func nothingWantedIsTheDefault() throws {
        let selection = try TracerSelection(wanted: [], from: catalog)
        #expect(selection.tracers.map { catalog[$0].name } == ["ip_rcv", "ip_output", "skb:kfree_skb"])
    }

    @Test func aGroupLeavesOutWhatIsOffAndBringsWhatItIncludes() throws {
        #expect(try names("ip") == ["ip_rcv", "ip_output", "skb:kfree_skb"])
    }

    @Test func aNameSelectsEvenWhatIsOff() throws {
        #expect(try names("ip_rcv_core") == ["ip_rcv_core!"])
    }

    @Test func aNameInAGroupStaysExplicit() throws {
        #expect(try names("ip,ip_output") == ["ip_rcv", "ip_output!", "skb:kfree_skb"])
        #expect(try names("ip_output,ip") == ["ip_output!", "ip_rcv", "skb:kfree_skb"])
    }

    @Test func kernelNamesAreAliases() throws {
        #expect(try names("sk_skb_reason_drop") == ["kfree_skb!"])
    }

    @Test func blanksAndEmptyItemsMeanNothing() throws {
        #expect(try names(" ip_rcv ,, ip_output, ", "ip_rcv") == ["ip_rcv!", "ip_output!"])
    }

    @Test func aPlusNamesAFunctionOfTheKernel() throws {
        #expect(try names("ip_rcv, +fib_table_lookup ,+fib_*") == ["ip_rcv!", "+fib_table_lookup", "+fib_*"])
        #expect(try names("+ip_rcv,+ip_rcv") == ["+ip_rcv"])
        for text in ["+", "+skb:kfree_skb", "+kernel:x", "+/fib/"] {
            #expect(throws: TracerSelectionError.notAFunction(text)) { try names(text) }
        }
        let selection = try TracerSelection(wanted: ["ip", "+fib_*"], excluded: ["+fib_t*"], from: catalog)
        #expect(selection.functionsUnder == [Glob("fib_*")] && selection.excludedUnder == [Glob("fib_t*")])
    }

    @Test func patternsSearchTheCatalog() throws {
        #expect(try names("ip_r*") == ["ip_rcv", "ip_rcv_core"])
        #expect(try names("*reason*") == ["kfree_skb"])
        #expect(throws: TracerSelectionError.noMatch(pattern: "ipv9_*")) { try names("ipv9_*") }
    }

    @Test func kernelPatternsStayUnresolved() throws {
        #expect(try names("kernel:ip6_*, kernel:ip6_*") == ["kernel:ip6_*"])
        #expect(try names("tcp:tcp_probe") == ["tcp:tcp_probe"])
        #expect(try names("skb:*") == ["skb:kfree_skb", "skb:*"])
        let selection = try TracerSelection(wanted: ["tcp:tcp_probe"], from: catalog)
        #expect(selection.items == [.kernel(.tracepoints(category: Glob("tcp"), name: Glob("tcp_probe")))])
    }

    @Test func regexesMayHoldCommasAndSlashes() throws {
        #expect(try names("/^ip_.{2,3}$/, ip_rcv") == ["/^ip_.{2,3}$/", "ip_rcv!"])
        #expect(try names("/a/b/ ,ip_rcv") == ["/a/b/", "ip_rcv!"])
        #expect(throws: TracerSelectionError.openRegex("/abc")) { try names("/abc") }
        #expect(throws: TracerSelectionError.openRegex("/")) { try names("/") }
        #expect { try names("/(ip/") } throws: { error in
            if case .badRegex("(ip", let reason)? = error as? TracerSelectionError { !reason.isEmpty } else { false }
        }
    }

    @Test(arguments: [
        ("^ip_(rcv|out)put?$", ["ip_rcvput", "ip_outpu"], ["ip_rcv", "xip_rcvput", "ip_outputs"]),
        ("[[:digit:]]{2,3}$", ["v12", "a1234"], ["v1", "12v"]), ("\\w+:\\w+", ["skb:kfree_skb"], ["skb", ":"]),
        ("a?b+?c*$|^$", ["", "b", "xabbcc"], ["ac", "c"]), ("x{2}[^a-c]", ["xxd"], ["xxa", "xd", "xx"]),
        ("(tcp|udp)_v[46]_", ["tcp_v4_rcv", "udp_v6_x"], ["tcp_v5_rcv"]), ("a{", ["a{"], ["a"]), ("", ["", "x"], []),
        ("(^|_)rcv(_|$)", ["rcv", "ip_rcv", "rcv_core"], ["rcvx", "xrcv"]), ("[]x]", ["]", "x"], ["["]),
        ("(a*)*b", ["b", "aab"], ["aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac"]),
    ])
    func regexesMeanTheUsual(source: String, matching: [String], others: [String]) throws {
        let regex = try NameRegex(source)
        #expect(regex.matches(in: matching + others) == matching)
    }

    @Test(arguments: [
        "(a?){2000}a", "((((a{50}){50}){50}){50})", "(){1000}{1000}", "(a)\\1", "(?=a)", "[a", "a)", "*a", "a{3,2}",
        "[[:nosuch:]]", "\\", String(repeating: "(", count: 100_000), String(repeating: "a|", count: 100_000),
        "a" + String(repeating: "*", count: 100_000),
    ])
    func regexesThatWouldTakeLongAreRefused(source: String) {
        #expect(throws: TracerSelectionError.self) { try NameRegex(source) }
    }

    @Test func regexesMatchAnywhere() throws {
        let regex = try NameRegex("rcv|^skb:")
        #expect(regex.matches(in: ["ip_rcv_core", "skb:kfree_skb", "kfree_skb"]) == ["ip_rcv_core", "skb:kfree_skb"])
    }

    @Test(arguments: ["kernel:", ":name", "skb:", ":"])
    func halfAPairIsRefused(text: String) {
        #expect(throws: TracerSelectionError.incomplete(text)) { try names(text) }
    }

    @Test func anUnknownNameNamesTheNearest() {
        #expect(throws: TracerSelectionError.unknownName("ip_rvc", nearest: ["ip_rcv"])) {
            try names("ip_output,ip_rvc,ip_rcv")
        }
        #expect(throws: TracerSelectionError.unknownName("zzzz", nearest: [])) { try names("zzzz") }
        #expect(throws: TracerSelectionError.unknownName("ip_rvc", nearest: ["ip_rcv"])) {
            try names("ip", excluding: ["ip_rvc"])
        }
    }

    @Test func exclusionWins() throws {
        #expect(try names("ip", excluding: ["ip_rcv"]) == ["ip_output", "skb:kfree_skb"])
        #expect(try names("ip,ip_rcv", excluding: ["ip_r*"]) == ["ip_output", "skb:kfree_skb"])
    }

    /// Excluding IP does not exclude drops.
    @Test func excludingAGroupKeepsWhatItOnlyIncludes() throws {
        #expect(try names("all", excluding: ["ip"]) == ["skb:kfree_skb"])
        let selection = try TracerSelection(wanted: ["kernel:ip_*"], excluded: ["ip,kernel:ip_o*"], from: catalog)
        #expect(selection.excludedTracers.map { catalog[$0].name }.sorted() == ["ip_output", "ip_rcv", "ip_rcv_core"])
        #expect(selection.excludedPatterns == [.functions(Glob("ip_o*"))])
    }

    @Test func nothingLeftIsAnError() {
        #expect(throws: TracerSelectionError.nothingSelected) { try names("ip", excluding: ["all"]) }
        #expect(throws: TracerSelectionError.nothingSelected) { try names(" , ") }
    }
}
