import DLanguage
import Testing

@Suite struct ErrorTests {
    @Test func errorsShowTheirPlace() throws {
        let error = try #require(failure("ip:::send\n{\n\tprintf(\"%s\", args[2]->ip_sadr);\n}"))
        #expect(
            error.description == """
                test.d:3:24: error: 'struct ipinfo' has no member 'ip_sadr'
                    \tprintf("%s", args[2]->ip_sadr);
                    \t                      ^
                    near: ip_saddr, ip_daddr

                """)
    }

    @Test(arguments: [
        // Lexing.
        ("BEGIN { trace(1.5); }", "1:15", "floating-point constants are not permitted"),
        ("BEGIN { trace(\"abc); }", "1:15", "the string is not closed on its line"),
        ("BEGIN { trace('abc); }", "1:15", "the character constant is not closed"),
        ("BEGIN { trace(''); }", "1:15", "is empty"), ("BEGIN { trace('123456789'); }", "1:15", "at most 8"),
        ("BEGIN { trace(089); }", "1:16", "no digit of an octal number"), ("/* a", "1:1", "comment is not closed"),
        ("/* a /* b */ */", "1:6", "within a comment"), ("BEGIN { trace(12ab); }", "1:15", "no suffix"),
        ("BEGIN { trace(99999999999999999999); }", "1:15", "does not fit in 64 bits"),
        ("BEGIN { trace(18446744073709551615); }", "1:15", "signed type"),
        ("BEGIN { trace(1 # 2); }", "1:17", "no meaning"),
        ("#include <x.h>\nBEGIN { }", "1:1", "unknown control line"), ("#error no way\nBEGIN { }", "1:1", "no way"),
        ("BEGIN { trace($1); }", "1:15", "needs argument $1"), ("BEGIN { trace($fo); }", "1:15", "no macro argument"),
        ("BEGIN { trace($target); }", "1:15", "$target has no value"), ("// x\nBEGIN { }", "1:1", "expected"),
        // Grammar.
        ("BEGIN { trace(1) trace(2); }", "1:18", "expected ';'"), ("BEGIN { trace(1; }", "1:16", "expected ')'"),
        ("BEGIN { trace(1);", "1:18", "not closed"), ("BEGIN /1 { }", nil, "expected"),
        ("BEGIN // { }", "1:8", "expression"),
        ("BEGIN { if (1) { exit(0); } }", "1:9", "D has no 'if'"), ("BEGIN { while (1) ; }", "1:9", "D has no 'while'"),
        ("a:b:c:d:e { }", "1:1", "5 parts"), ("foo_t x; BEGIN { }", "1:1", "unknown type"),
        ("int x = 5;", "1:7", "cannot give a value"), ("static int x;", "1:1", "no meaning"),
        ("int int x;", nil, "no type"), ("unsigned float x;", "1:1", "no type"),
        ("BEGIN { self = 1; }", "1:14", "expected '->'"),
        ("struct s { int a; int a; };", "1:23", "declared twice"),
        ("struct s { int a:40; };", "1:16", "cannot have 40 bits"),
        ("inline int f = 1", nil, "';'"), ("int a[-1];", "1:7", "cannot have -1 elements"),
        ("int;", "1:1", "names no variable"), ("self this int x;", "1:6", "another storage class"),
        ("int if;", "1:5", "no name"),
        ("BEGIN { probe = 1; }", "1:9", "no name"),
        ("BEGIN { trace((void *)arg0 + 1); }", nil, "points to nothing that has a size"),
        ("BEGIN { @a; }", "1:9", "no effect"), ("BEGIN { } }", nil, "expected"),
        // Names.
        ("BEGIN { trace(pidd); }", "1:15", "unknown name 'pidd'"),
        ("BEGIN { trace(self->x); }", "1:15", "unknown variable"),
        ("BEGIN { trce(1); }", "1:9", "no function 'trce'"),
        ("BEGIN { x[1] = 1; trace(x); }", "1:25", "needs its keys"),
        ("BEGIN { trace(args); }", "1:15", "needs an index"), ("BEGIN { trace(ustack()); }", "1:15", "user space"),
        ("BEGIN { pid = 1; }", "1:9", "cannot be assigned"), ("inline int X = 1; BEGIN { X = 2; }", "1:27", "constant"),
        ("BEGIN { trace(((struct nope *)arg0)->x); }", "1:17", "no 'struct nope'"),
        ("BEGIN { trace(((nope_t *)arg0)->x); }", nil, ""),
        ("inline int A = B; inline int B = A;", "1:16", "unknown name 'B'"),
        ("int x; string x;", "1:15", "another type"),
        // Types.
        ("BEGIN { trace(\"a\" + 1); }", "1:15", "integer is needed"),
        ("BEGIN { x = \"a\"; x = 1; }", "1:22", "cannot take 'int'"),
        ("BEGIN { x = 1; x = \"a\"; }", "1:20", "cannot take 'string'"),
        ("BEGIN { trace(1 == \"a\"); }", "1:17", "does not take"),
        ("BEGIN { trace(*arg0); }", "1:15", "'*' needs a pointer"),
        ("BEGIN { trace(arg0->x); }", "1:21", "needs a pointer to a struct"),
        ("BEGIN { p = (struct iphdr *)arg0; trace(p.ttl); }", "1:43", "is a pointer"),
        ("BEGIN { p = (struct iphdr *)arg0; trace((*p)->ttl); }", "1:47", "no pointer"),
        ("BEGIN { ((struct iphdr *)arg0)->ttl = 1; }", "1:33", "memory of the kernel cannot be written"),
        ("BEGIN { 1 = 2; }", "1:9", "cannot be assigned to"), ("BEGIN { trace(&x); x = 1; }", "1:16", "unknown name"),
        ("BEGIN { x = 1; trace(&x); }", "1:22", "has no address"),
        ("BEGIN { trace(1 / 0); }", "1:17", "division by zero"),
        ("BEGIN { trace(*(void *)arg0); }", "1:15", "points to nothing"),
        ("BEGIN { a[1] = 1; a[\"x\"] = 2; }", "1:21", "key 1 of 'a'"),
        ("BEGIN { a[1] = 1; a[1, 2] = 2; }", nil, "has 1 key"),
        ("int a[5]; BEGIN { a[5] = 1; }", "1:21", "outside of the array"),
        ("BEGIN /\"a\"/ { }", "1:8", "no condition"), ("BEGIN { trace(arg0 ? 1 : \"a\"); }", "1:20", "different types"),
        ("BEGIN { trace(sizeof (void)); }", "1:15", "no size"),
        ("BEGIN { trace(xlate <ipinfo_t *> (1)); }", "1:15", "no translator from 'int'"),
        ("BEGIN { trace(args[0]); }", nil, "no args[]"), ("ip:::send { trace(args[9]); }", "1:23", "args[0] … args[5]"),
        ("ip:::send { x = args[2]; }", "1:21", "cannot be kept"),
        ("BEGIN { trace((struct iphdr)arg0); }", "1:15", "cannot be cast"),
        // Actions.
        ("BEGIN { printf(\"%d\"); }", "1:9", "'%d' has no argument"),
        ("BEGIN { printf(\"x\", 1); }", "1:21", "no conversion for argument 2"),
        ("BEGIN { printf(\"%s\", 1); }", "1:22", "'%s' prints a string, not 'int'"),
        ("BEGIN { printf(\"%d\", \"x\"); }", "1:22", "prints an integer"),
        ("BEGIN { printf(\"%q\", 1); }", "1:16", "no conversion"), ("BEGIN { printf(\"%\"); }", "1:16", "ends within"),
        ("BEGIN { printf(execname); }", "1:16", "string constant"),
        ("BEGIN { printf(\"%f\", 1); }", "1:22", "floating-point"),
        ("BEGIN { printf(\"%@d\", 1); }", "1:16", "is for printa"),
        ("BEGIN { x = printf(\"a\"); }", "1:13", "is an action"),
        ("BEGIN { exit(); }", "1:9", "exit() takes 1 argument, not 0"),
        ("BEGIN { x = count(); }", "1:13", "aggregates"),
        ("BEGIN { @a = 5; }", "1:14", "aggregating function"), ("BEGIN { @a += sum(1); }", nil, "only '='"),
        ("BEGIN { @a = count(1); }", "1:14", "takes no arguments"),
        ("BEGIN { @a = sum(\"x\"); }", "1:18", "integer is needed"),
        ("BEGIN { @a = count(); @a = sum(1); }", "1:23", "assigned by count()"),
        ("BEGIN { @a[1] = count(); @a = count(); }", "1:26", "has 1 key"),
        ("BEGIN { @a = lquantize(1, 10, 5); }", "1:31", "above the lower"),
        ("BEGIN { @a = lquantize(1, 0, arg0); }", nil, "constant"),
        ("BEGIN { @a = llquantize(1, 10, 0, 6, 7); }", "1:38", "must divide"),
        ("BEGIN { @a = llquantize(1, 1, 0, 6, 7); }", nil, "2 or more"),
        ("BEGIN { printa(@nope); }", "1:16", "no aggregation '@nope'"),
        ("BEGIN { @a[1] = count(); printa(@a[1]); }", nil, "whole aggregation"),
        ("BEGIN { @a = count(); printa(\"%d %@d\", @a); }", "1:30", "no key"),
        ("BEGIN { clear(5); }", "1:15", "takes an aggregation"),
        ("BEGIN { trace(@a); }", "1:15", "only on the left"),
        ("BEGIN { @a[1] = count(); @b[\"x\"] = count(); printa(@a, @b); }", nil, "same keys"),
        ("BEGIN { stack(arg0); }", "1:15", "constant"), ("BEGIN { stack(0); }", "1:15", "positive"),
        ("BEGIN { tracemem(arg0, arg1); }", nil, "constant"),
        ("BEGIN { system(\"ls\"); }", "1:9", "changes the system"), ("BEGIN { panic(); }", "1:9", "changes the system"),
        ("BEGIN { printf(\"a\"); speculate(1); }", "1:22", "cannot follow"),
        ("BEGIN { commit(1); printf(\"a\"); }", "1:20", "cannot follow"),
        ("BEGIN { speculate(1); @a = count(); }", nil, "cannot follow"),
        ("BEGIN { speculate(1); exit(0); }", nil, "cannot follow"),
        ("BEGIN { setopt(\"quite\"); }", "1:16", "no option 'quite'"),
        ("BEGIN { strlen(1); }", "1:16", "string is needed"),
        ("BEGIN { strlen(); }", "1:9", "takes 1 argument, not 0"),
        ("BEGIN { inet_ntoa(arg0); }", "1:19", "a pointer is needed"),
        // Options.
        ("#pragma D option quite\nBEGIN { }", "1:1", "no option 'quite'"),
        ("#pragma D option strsize=1\nBEGIN { }", "1:1", "strings cannot"),
        ("#pragma D option switchrate=fast\nBEGIN { }", "1:1", "no rate"),
        ("#pragma D nonsense\nBEGIN { }", "1:1", "unknown pragma"),
        ("#pragma D option bufpolicy=x\nBEGIN { }", "1:1", "switch, fill or ring"),
    ])
    func errorsSayWhatIsWrong(program: String, place: String?, message: String) throws {
        let error = try #require(failure(program), "\(program) is accepted")
        #expect(error.description.contains(message), "\(program): \(error)")
        if let place { #expect(error.description.hasPrefix("test.d:\(place): error: "), "\(program): \(error)") }
    }

    @Test func filesHaveBodies() throws {
        let error = try #require(failure("BEGIN\n", kind: .file))
        #expect(error.diagnostic.message == "the clause has no body")
        #expect(failure("BEGIN", kind: .commandLine) == nil)
    }

    @Test func argumentsMustBeUsed() throws {
        let error = try #require(failure("BEGIN { trace($1); }", arguments: ["1", "extra"]))
        #expect(error.description.hasPrefix("error: argument $2, 'extra', is not used"))
    }

    /// Deep, long and growing programs end with an error instead of the stack.
    @Test func sizesAreLimited() throws {
        let deep = String(repeating: "(", count: 100_000)
        #expect(try #require(failure("BEGIN { trace(\(deep)1); }")).description.contains("nested too deep"))
        #expect(
            try #require(failure("BEGIN { trace(\(String(repeating: "-", count: 100_000))1); }")).description.contains(
                "expected") == false)
        #expect(failure("BEGIN { trace(\(String(repeating: "1+", count: 100_000))1); }") != nil)
        #expect(failure("BEGIN { trace(\(String(repeating: "x?", count: 100_000))1); }") != nil)
        #expect(failure("int \(String(repeating: "*", count: 100_000))x;") != nil)
        #expect(failure("\(String(repeating: "struct s { ", count: 100_000))") != nil)
        #expect(failure("BEGIN { trace(\"\(String(repeating: "x", count: 2 << 20))\"); }") != nil)
        let growing = (1...40).map { "inline int i\($0) = \($0 == 1 ? "arg0" : "i\($0 - 1) + i\($0 - 1)");" }.joined()
        #expect(try #require(failure(growing + "BEGIN { trace(i40); }")).description.contains("error: "))
        let types = (1...1000).map { "typedef \($0 == 1 ? "int" : "t\($0 - 1)") *t\($0);" }.joined()
        #expect(try #require(failure(types)).description.contains("nested too deep"))
        let nested = (1...20).map { number in
            "inline int n\(number) = \(String(repeating: "-", count: 120))\(number == 1 ? "arg0" : "n\(number - 1)");"
        }
        #expect(failure(nested.joined() + "BEGIN { trace(n20); }") != nil)
        #expect(
            failure(
                "BEGIN { trace(((char *)arg0)[-0x7fffffffffffffff - 1]); trace(*((char *)arg0 + 0x8000000000000000)); }"
            ) == nil)
        #expect(failure("BEGIN { trace(((struct sk_buff *)arg0)->cb[-0x7fffffffffffffff - 1]); }") != nil)
        #expect(failure("struct s { char a[16777216][16777216][8192]; };") != nil)
        let chain = String(repeating: "arg0 + ", count: 100) + "1"
        #expect(throws: Never.self) { try checked("BEGIN { trace(\(chain)); }") }
    }
}
