import DCompiler
import DRuntime
import CodeInterpreter
import DLanguage
import Testing

@Suite struct ProgramTests {
    private func printed(_ program: String) throws -> String {
        var trial = try Trial("BEGIN{\(program)}")
        return try trial.fire("BEGIN")
    }

    @Test func hello() throws {
        var trial = try Trial(#"BEGIN{printf("hello\n"); exit(3)}"#)
        #expect(try trial.fire("BEGIN") == "hello\n")
        #expect(trial.exitCode == 3)
        #expect(trial.end() == "\n")
    }

    @Test func headings() throws {
        var trial = try Trial(#"BEGIN{printf("hello"); trace(1)}"#, options: [])
        #expect(
            try trial.fire("BEGIN") == """
                CPU     ID                    FUNCTION:NAME
                  0      1                           :BEGIN hello          1

                """)
    }

    @Test(arguments: [
        ("1 + 2 * 3", "7"), ("-7 / 2", "-3"), ("-7 % 3", "-1"), ("7 >> 1", "3"), ("-8 >> 1", "-4"), ("1 << 4", "16"),
        ("5 & 6 | 8 ^ 1", "13"), ("~0", "-1"), ("!5", "0"), ("3 < 4 && 4 < 3", "0"), ("3 < 4 ^^ 4 < 3", "1"),
        ("1 ? 10 : 20", "10"), ("(unsigned char)300", "44"), ("(char)200", "-56"), ("-1 < 1", "1"),
        ("0xffffffff + 1", "0"), ("htons(1)", "256"), ("ntohl(1)", "16777216"),
    ])
    func arithmetic(_ expression: String, _ result: String) throws {
        #expect(try printed("printf(\"%d\", \(expression))") == result)
        // With operands that the compiler does not know.
        let parts = try printed("x = 0; printf(\"%d\", (\(expression)) + x)")
        #expect(parts == result)
    }

    @Test func variables() throws {
        var trial = try Trial(
            """
            BEGIN{x = 5; this->y = x + 1; self->z = this->y * 2; a["k", 3] = self->z; printf("%d %d ", x++, a["k", 3])}
            BEGIN{printf("%d %d %d %d", x, this->y, self->z, a["q", 3])}
            """)
        #expect(try trial.fire("BEGIN") == "5 12 6 6 12 0")
    }

    @Test func texts() throws {
        #expect(try printed(#"printf("%s|%5s|", 1 ? "yes" : "no", 0 ? "a" : "b")"#) == "yes|    b|")
        #expect(
            try printed(#"s = "text"; printf("%s %d %d %d", s, s == "text", s == "texts", s < "tf")"#) == "text 1 0 1")
        #expect(try printed(#"printf("%s:%s:%s", probeprov, probefunc, probename)"#) == "dtrace::BEGIN")
        var trial = try Trial(#"BEGIN/execname == "bash"/{printf("%s", execname)}"#)
        trial.kernel.command = Array("bash".utf8)
        #expect(try trial.fire("BEGIN") == "bash")
        trial.kernel.command = Array("bashful".utf8)
        #expect(try trial.fire("BEGIN") == "")
    }

    @Test func predicates() throws {
        var trial = try Trial("BEGIN/pid == 7/{trace(1)} BEGIN/tid == 8/{trace(2)} BEGIN{trace(3)}")
        trial.kernel.processAndThread = 7 << 32 | 8
        #expect(try trial.fire("BEGIN") == "123")
        trial.kernel.processAndThread = 9 << 32 | 8
        #expect(try trial.fire("BEGIN") == "23")
    }

    /// A clause that fails prints nothing, and the next one runs.
    @Test func faults() throws {
        var trial = try Trial(#"BEGIN{x = 0; trace(1); trace(1 / x)} BEGIN{trace(*(int *)8)} BEGIN{printf("on")}"#)
        #expect(try trial.fire("BEGIN") == "on")
        #expect(trial.errors().map(\.fault) == [.divisionByZero, .badAddress])
        #expect(trial.errors().isEmpty)
    }

    @Test func errorProbe() throws {
        var trial = try Trial(#"ERROR{printf("%d %d", arg2, arg4)}"#)
        #expect(try trial.fire("ERROR", [0, 1, 3, 0, 4, 0]) == "3 4")
    }

    @Test func aggregations() throws {
        var trial = try Trial(
            """
            BEGIN{@ = count(); @s = sum(pid); @a["x", pid] = avg(pid); @m = min(pid - 5); @n = max(pid - 5);
                  @d = stddev(pid)}
            """)
        for pid: UInt64 in [2, 4, 6] {
            trial.kernel.processAndThread = pid << 32
            trial.kernel.cpu = Int(pid / 2) & 1
            _ = try trial.fire("BEGIN")
        }
        let lines = trial.end().split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        #expect(lines == ["3", "12", "x 2 2", "x 4 4", "x 6 6", "-3", "1", "1"])
    }

    @Test func distributions() throws {
        var trial = try Trial(
            "BEGIN{@q = quantize(pid - 3); @l = lquantize(pid, 0, 10, 5); @g = llquantize(pid, 10, 0, 2, 10)}")
        for pid: UInt64 in [0, 3, 4, 7, 12, 250, 5000] {
            trial.kernel.processAndThread = pid << 32
            _ = try trial.fire("BEGIN")
        }
        let rows = trial.end().split(separator: "\n").map { $0.split(separator: " ") }
        func count(_ label: String) -> [String] {
            rows.filter { $0.first.map(String.init) == label }.map { String($0.last!) }
        }
        #expect(count("-4") == ["0"])
        #expect(count("-2") == ["1"])
        #expect(count("128") == ["1"])
        #expect(rows.contains { $0.prefix(2) == [">=", "10"] && $0.last == "3" })
        #expect(rows.contains { $0.prefix(2) == [">=", "1000"] && $0.last == "1" })
        #expect(count("200") == ["1"])
    }

    @Test func printa() throws {
        var trial = try Trial(#"BEGIN{@a["k"] = count(); printa("%s=%@d;", @a); clear(@a); printa("%s=%@d;", @a)}"#)
        #expect(try trial.fire("BEGIN") == "k=1;k=0;")
        #expect(try trial.fire("BEGIN") == "k=1;k=0;")
        #expect(trial.end() == "\n")
    }

    @Test func closedGate() throws {
        var trial = try Trial("tick-1s{trace(1)} BEGIN{exit(0)}")
        #expect(try trial.fire("tick-1s") == "1")
        _ = try trial.fire("BEGIN")
        #expect(try trial.fire("tick-1s") == "")
    }
}
