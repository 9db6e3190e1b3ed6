import DLanguage
import Testing

/// The types of expressions, and what is kept where.
@Suite struct TypingTests {
    private func type(of expression: String, before: String = "") throws -> DType {
        let program = try checked("\(before) BEGIN { this->value = \(expression); }")
        return try #require(program.variables.last).type
    }

    private static func integer(_ bits: Int, _ isSigned: Bool) -> DType {
        .integer(IntegerType(bits: bits, isSigned: isSigned))
    }

    /// Small types stay small; of two types the one with more bits counts, and of equal ones the unsigned.
    @Test(arguments: [
        ("(uint32_t)1 - (uint8_t)1", 32, false), ("(uint8_t)1 + (uint8_t)1", 8, false),
        ("(int8_t)1 + (uint8_t)1", 8, false), ("(int16_t)1 * (uint8_t)1", 16, true), ("1 + 1u", 32, false),
        ("1 + 1l", 64, true), ("1ul + 1", 64, false), ("timestamp - 5", 64, false), ("1 == 1", 32, true),
        ("!timestamp", 32, true), ("-(uint16_t)1", 16, false), ("pid + tid", 32, true), ("cpu", 32, true),
        ("uid", 32, false), ("arg0", 64, true), ("arg0 ? 1 : 2l", 64, true), ("(uint16_t)1 << 20", 32, true),
        ("walltimestamp", 64, true), ("strlen(execname)", 64, false), ("ntohs((uint16_t)arg0)", 16, false),
    ])
    func arithmetic(expression: String, bits: Int, isSigned: Bool) throws {
        #expect(try type(of: expression).integer == IntegerType(bits: bits, isSigned: isSigned))
    }

    @Test func variablesTakeTheTypeOfTheirFirstValue() throws {
        let program = try checked("BEGIN { a = 1; a = timestamp; b = \"x\"; c = (struct sk_buff *)arg0; d++; e += 2; }")
        #expect(program.variables.map(\.type).prefix(2) == [.int, .string])
        #expect(program.variables[2].type.target != nil)
        #expect(program.variables[3].type == .long && program.variables[4].type == .long)
        #expect(program.listing.contains("(a = (int)timestamp)"))
        #expect(program.variables.map(\.slot) == [0, 1, 2, 3, 4])
    }

    /// Texts that only ever hold addresses are kept as addresses, wherever they are compared or copied.
    @Test func addressesStayAddresses() throws {
        let program = try checked(
            """
            ip:::send { last = args[2]->ip_saddr; seen[last, args[2]->ip_daddr] = 1; @[args[2]->ip_saddr] = count(); }
            ip:::receive /args[2]->ip_saddr == last && last != "10.0.0.1" && last != ""/ { last = ""; }
            """)
        #expect(program.variables.map(\.type) == [.addressText])
        #expect(program.arrays.map(\.keys) == [[.addressText, .addressText]])
        #expect(program.aggregations.map(\.keys) == [[.addressText]])
        #expect(program.listing.contains("!= address[10.0.0.1]") && program.listing.contains("(last != address[])"))
    }

    /// A key that also gets other texts is a string for all.
    @Test func mixedTextsAreStrings() throws {
        let program = try checked(
            """
            ip:::send { last = args[2]->ip_saddr; @[args[2]->ip_saddr] = count(); }
            ip:::receive { last = "none"; @["all"] = count(); trace(args[2]->ip_saddr == "10.0.0.01"); }
            """)
        #expect(program.variables.map(\.type) == [.string])
        #expect(program.aggregations.map(\.keys) == [[.string]])
        #expect(program.listing.contains("strcmp((string)"), "no address is spelled with a leading zero")
    }

    @Test func structsAreLaidOutAsInC() throws {
        let program = try checked(
            """
            struct s { char a; int b; short c; long d; char e[3]; uint32_t f:4, g:30; union { int h; char i; } u; };
            BEGIN { trace(sizeof (struct s)); trace(offsetof(struct s, b)); trace(offsetof(struct s, d));
                trace(offsetof(struct s, u)); trace(offsetof(struct s, e)); }
            """)
        #expect(
            program.listing.contains("trace(40u);\n    trace(4u);\n    trace(16u);\n    trace(32u);\n    trace(24u)"),
            "\(program.listing)")
    }

    @Test func storageHasOffsets() throws {
        let program = try checked(
            "struct s { int a[4]; struct { char b; int c:3; } t; } v; BEGIN { v.a[2] = 1; v.t.c = 2; v.a[arg0] = 3; }")
        #expect(program.listing.contains("(v{8} = 1)"))
        #expect(program.listing.contains("(v{17}<0:3> = 2)") || program.listing.contains("<"))
        #expect(program.listing.contains("{(arg0 * 4) < 16} = 3"))
    }

    @Test func inlinesBindTheirArgumentsOnce() throws {
        let program = try checked(
            "inline int square[int n] = n * n; BEGIN { trace(square[rand()]); trace(square[3]); }")
        #expect(program.listing.contains("trace((%1 = rand(); (%1 * %1)))"))
        #expect(program.listing.contains("trace(9)"))
    }

    /// Long chains of `?:` over numbers become a table.
    @Test func chainsOfTextsAreTables() throws {
        let listing = try checked("ip:::send { trace(args[4]->ipv4_protostr); }").listing
        #expect(listing.contains("pick(") && listing.contains("of 256, else \"<unknown>\""))
        #expect(
            try statements("trace(protocol[58]); trace(protocol[200]);") == "trace(\"ICMPV6\"); trace(\"<unknown>\")")
    }

    /// Clauses whose probes have different arguments are typed once for each.
    @Test func clausesSplitByArguments() throws {
        let program = try checked(
            "tcp:::send, udp:::send, tcp:::receive { trace(args[2]->ip_ver); } ip:::send, udp:::send { trace(cpu); }")
        #expect(
            program.clauses.map { $0.probes.map(\.description) } == [
                ["tcp:::send", "tcp:::receive"], ["udp:::send"], ["ip:::send", "udp:::send"],
            ])
        #expect(program.clauses.map(\.number) == [0, 0, 1])
    }

    @Test func formatsKnowSigns() throws {
        #expect(
            try statements("printf(\"%d %d %-5x %*d %.3s\", pid, uid, arg0, 8, cpu, execname);")
                == "printf(\"%{signedDecimal 4 #0} %{unsignedDecimal 4 #1} %-5{hexadecimal 8 #2} %*#3{signedDecimal 4 #4} %.3{text #5}\", pid, uid, arg0, 8, cpu, execname)"
        )
        let program = try checked("BEGIN { @a[pid, execname] = count(); printa(\"%5d %-10s %@8u %@d\\n\", @a); }")
        #expect(
            program.listing.contains(
                "%5{signedDecimal 4 #0} %-10{text #1} %@8{unsignedDecimal 8 #0} %@{unsignedDecimal 8 #0}"))
    }

    @Test func librariesCanBeReplaced() throws {
        let udp = """
            typedef struct udpsinfo { int udps_addr; } udpsinfo_t; translator udpsinfo_t < struct sock *S > { udps_addr = 7; };
            typedef struct udpinfo { int mine; } udpinfo_t; translator udpinfo_t < struct udphdr *U > { mine = 5; };
            """
        let program = try checked(
            "udp:::send { trace(args[4]->mine); }",
            libraries: [SourceText(name: "udp.d", text: udp, kind: .library)])
        #expect(program.listing.contains("trace(5)"))
        #expect(throws: ProgramError.self) { try checked("udp:::send { trace(args[4]->mine); }") }
    }
}
