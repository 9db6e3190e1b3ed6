@testable import FilterLanguage
import Protocols
import Testing

@Suite struct ErrorTests {
    @Test(arguments: [
        ("", "1: the filter is empty"),
        ("broadcast=ip.dst", "1: 'broadcast' is unknown in ether: did you mean ip.broadcast?"),
        ("ip.broadcast=ip.dst", "unchanged"),
        ("tcp.dprt == 80", "5: tcp has no field, macro or name 'dprt': did you mean tcp.dport?"),
        ("tpc", "1: 'tpc' is unknown in ether: did you mean tcp?"),
        ("(tcp", "5: ')' is missing"),
        ("tcp)", "4: ')' without '('"),
        ("tcp &&", "7: an operand is missing at the end"),
        ("&& tcp", "1: an operand is missing before '&&'"),
        ("()", "2: an operand is missing before ')'"),
        ("tcp ? 1", "5: ?: is not part of the language"),
        ("tcp @", "5: unexpected character"),
        ("$1", "1: $1 stands for an argument, which only the definition of a macro has"),
        ("ip.src == fe80::1", "11: ip.src is an IPv4 address and fe80::1 is an IPv6 address: they are never equal"),
        ("ip.src tcp", "8: tcp is a protocol and no value of ip.src; to require both, write &&"),
        ("ip6.src + 1", "9: an address of IPv6 can be compared and masked, but not calculated with"),
        ("99999999999999999999", "1: a number has at most 64 bits"),
        ("'ab'", "1: in quotes there is one character, such as 'a' or '\\n'"),
        ("'a", "1: a character in quotes, such as 'a' or '\\n', has no end"),
        ("define(x,$1) x 1 2", "14: x takes 1 argument, and more are given"),
        ("ip.between jake", "1: between takes 2 arguments, and 1 are given"),
        ("ip.between(jake)", "1: between takes 2 arguments, and 1 are given"),
        ("define(web)", "1: define(name, definition) needs a name, a comma and a definition"),
        ("define(and, 1)", "8: 'and' cannot be the name of a macro: letters, digits and _ can"),
        ("tcp.define(dport, 1)", "12: tcp.dport is a field already"),
        ("ip.src nosuch", "8: 'nosuch' is unknown in ip and ether"),
        ("tcp.", "5: a name is missing after tcp."),
        ("rlogin", "1: rlogin is a protocol of other times, which is not supported"),
        ("any.inner.tcp", "1: any. stands alone: it includes inner."),
        ("define(again, again) again", "22: in macro again: "),
        ("ip.host nosuch", "1: in macro ip.host: 'nosuch' is unknown in ip and ether"),
    ])
    func isExplained(_ raw: String, _ expected: String) {
        #expect(expected.hasSuffix(": ") ? outcome(raw).hasPrefix(expected) : outcome(raw) == expected)
    }

    @Test func theCaretIsUnderThePlace() {
        do {
            _ = try parsed("tcp and ip.srx == 1")
            Issue.record("no error")
        } catch {
            #expect(
                error.description == """
                    filter: ip has no field, macro or name 'srx': did you mean ip.src? at column 12
                      tcp and ip.srx == 1
                                 ^
                    """)
        }
    }

    /// Neither depth nor width of a filter exhausts memory or the stack.
    @Test func largeFiltersAreRefused() {
        let parentheses = String(repeating: "(", count: 5000) + "1" + String(repeating: ")", count: 5000)
        #expect(outcome(parentheses).hasSuffix("the filter is nested too deeply"))
        #expect(outcome(String(repeating: "!", count: 5000) + "1").hasSuffix("the filter is nested too deeply"))
        #expect(outcome(String(repeating: "1 ", count: 5000)).contains("more than 1000 operands"))
        #expect(outcome(String(repeating: "1", count: 70000)).contains("at most 65536 bytes"))
        var doubling = "define(x0, 1 $1)"
        for level in 1...30 { doubling += ", define(x\(level), x\(level - 1)($1 $1) x\(level - 1)($1 $1))" }
        #expect(outcome(doubling + ", x30 1").contains("in macro x30"))
        var growing = "define(y0, $1)"
        for level in 1...30 { growing += ", define(y\(level), y\(level - 1)($1 $1 $1 $1))" }
        #expect(outcome(growing + ", y30 1").contains("in macro y30"))
    }

    @Test func redefinitionsAreNamed() throws {
        var macros = FilterMacros()
        let filter = try Filter("define(w, tcp), define(w, udp), w", names: testNames, macros: &macros)
        #expect(filter.warnings == ["ether.w is defined again; the last definition counts"])
        #expect(macros.find("w", in: "ether")?.body == "udp")
    }
}
