import DCompiler
import DLanguage
import Testing

/// Functions of texts, as programs of the kernel that run in its model.
@Suite struct TextFunctionTests {
    private func printed(_ expression: String, _ conversion: String = "%s") throws -> String {
        var trial = try Trial("BEGIN{printf(\"\(conversion)\", \(expression))}")
        return try trial.fire("BEGIN")
    }

    @Test(arguments: [
        (#"strjoin("hello", ", world")"#, "hello, world"), (#"strjoin("", "")"#, ""),
        (#"substr("foobarbaz", 3)"#, "barbaz"), (#"substr("foobarbaz", 3, 2)"#, "ba"), (#"substr("abc", 5)"#, ""),
        (#"substr("foobarbaz", -3, 2)"#, "ba"), (#"substr("foobarbaz", -20)"#, "foobarbaz"),
        (#"substr("foobarbaz", 2, -2)"#, "obarb"), (#"substr("foobarbaz", 0, 0)"#, ""),
        (#"strchr("fooey", 101)"#, "ey"), (#"strchr("fooey", 120)"#, ""), (#"strrchr("a.b.c", 46)"#, ".c"),
        (#"strstr("foobarbaz", "bar")"#, "barbaz"), (#"strstr("foo", "bar")"#, ""), (#"strstr("foo", "")"#, "foo"),
        (#"toupper("aBc1z{")"#, "ABC1Z{"), (#"tolower("AZ@[")"#, "az@["),
        (#"basename("/usr/lib/foo.so")"#, "foo.so"), (#"basename("/")"#, "/"), (#"basename("")"#, "."),
        (#"basename("/a/b//")"#, "b"), (#"dirname("/usr/lib/foo.so")"#, "/usr/lib"), (#"dirname("/usr")"#, "/"),
        (#"dirname("foo")"#, "."), (#"dirname("/a//b/")"#, "/a"), ("lltostr(-42)", "-42"), ("lltostr(0)", "0"),
        ("lltostr(255, 16)", "0xff"), ("lltostr(8, 8)", "010"), ("lltostr(5, 2)", "101"), ("lltostr(0, 16)", "0x0"),
        ("lltostr(1LL << 63)", "-9223372036854775808"),
    ])
    func texts(_ expression: String, _ result: String) throws {
        #expect(try printed(expression) == result)
    }

    @Test(arguments: [
        (#"strlen("foo")"#, "3"), (#"strlen("")"#, "0"), (#"index("foobarbar", "bar")"#, "3"),
        (#"index("abc", "x")"#, "-1"), (#"index("foobarbar", "bar", 4)"#, "6"), (#"index("abc", "")"#, "0"),
        (#"index("aaaaaaaaaaab", "aab")"#, "9"), (#"rindex("foobarbar", "bar")"#, "6"),
        (#"rindex("foobarbar", "bar", 5)"#, "3"), (#"rindex("abc", "abcd")"#, "-1"), (#"strtoll("-77")"#, "-77"),
        (#"strtoll("  +12abc")"#, "12"), (#"strtoll("0x1F", 16)"#, "31"), (#"strtoll("z", 36)"#, "35"),
        (#"strtoll("")"#, "0"), ("getmajor(0x800001)", "8"), ("getminor(0x800001)", "1"),
    ])
    func numbers(_ expression: String, _ result: String) throws {
        #expect(try printed(expression, "%d") == result)
    }

    @Test func tokens() throws {
        var trial = try Trial(
            #"""
            BEGIN{x = strtok(",a,b;;c", ",;"); y = strtok(NULL, ",;"); printf("%s %s %s [%s]", x, y, strtok(NULL, ",;"),
                strtok(NULL, ",;"))}
            """#)
        #expect(try trial.fire("BEGIN") == "a b c []")
    }

    @Test func variablesHoldTexts() throws {
        var trial = try Trial(
            #"""
            BEGIN{this->t = "this"; self->t = "thread"; a["k"] = "element"; g = a["k"]; a["k"] = "other";
                printf("%s %s %s %s [%s] ", this->t, self->t, a["k"], g, a["none"])}
            BEGIN{self->t = 0; a["k"] = ""; printf("[%s][%s] %s", self->t, a["k"], this->t)}
            """#)
        #expect(try trial.fire("BEGIN") == "this thread other element [] [][] this")
    }

    @Test func longTextsCompare() throws {
        let text = String(repeating: "a", count: 100)
        #expect(
            try printed("x = strjoin(\"\(text)\", \"b\"), x == strjoin(\"\(text)\", \"c\")", "%s %d").hasSuffix("0"))
        #expect(try printed("strjoin(\"\(text)\", \"b\") < \"\(text)c\"", "%d") == "1")
    }

    @Test func structsAndArrays() throws {
        var trial = try Trial(
            """
            struct point { int x; char c; unsigned b : 5; int s : 3; string name; };
            struct point p; int list[4]; struct point t[int];
            BEGIN{p.x = -5; p.c = 7; p.b = 33; p.s = -2; p.name = "n"; i = 2; list[i] = 42; t[1].x = 9; self->q = 1;
                printf("%d %d %d %d %s %d %d %d %d", p.x, p.c, p.b, p.s, p.name, list[2], list[1], t[1].x, t[2].x)}
            BEGIN{i = 4; list[i] = 1}
            """)
        #expect(try trial.fire("BEGIN") == "-5 7 1 -2 n 42 0 9 0")
        #expect(trial.errors().map(\.fault) == [.badAddress])
    }

    @Test func ownMemory() throws {
        var trial = try Trial(
            """
            BEGIN{this->p = (int *)alloca(8); *this->p = 7; this->p[1] = 8; bcopy(this->p, this->p + 1, 4);
                printf("%d %d", *this->p, this->p[1])}
            BEGIN{this->p = (int *)16; *this->p = 1; printf("not reached")}
            """)
        #expect(try trial.fire("BEGIN") == "7 7")
        #expect(trial.errors().map(\.fault) == [.badAddress])
    }

    @Test func speculations() throws {
        var trial = try Trial(
            """
            BEGIN{a = speculation(); b = speculation()} BEGIN{speculate(a); printf("one ")} BEGIN{speculate(0); printf("x")}
            BEGIN{speculate(a); printf("two ")} BEGIN{printf("now %d %d ", a, b)} BEGIN{commit(a)} BEGIN{c = speculation()}
            BEGIN{speculate(c); printf("gone")} BEGIN{discard(c)} BEGIN{commit(c)} BEGIN{printf("end %d", c)}
            """)
        #expect(try trial.fire("BEGIN") == "now 1 0 one two end 1")
    }

    @Test func leastValuesBeginAgain() throws {
        var trial = try Trial(
            """
            BEGIN{@l = min(5); @l = min(9)} END{@l = min(8)} ERROR{clear(@l)} BEGIN,END,ERROR{printa("%@d ", @l)}
            """)
        #expect(try trial.fire("BEGIN") == "5 ")
        #expect(try trial.fire("ERROR", [0, 0, 0, 0, 0, 0]) == "0 ")
        #expect(try trial.fire("END") == "8 ")
    }
}
