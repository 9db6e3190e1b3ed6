import DLanguage
import Testing

/// The scripts that must run as they are.
@Suite struct ScriptTests {
    @Test(arguments: Kernel.versions)
    func scriptsOfTheFoundingDocuments(version: String) throws {
        let types = try Kernel.types(version)
        #expect(try checked(Scripts.counts, kind: .file, types: types).clauses.count == 1)
        #expect(try checked(Scripts.packets, kind: .file, types: types).clauses.count == 3)
        #expect(try checked(Scripts.segments, kind: .file, types: types).clauses.count == 4)
    }

    @Test func countsAreKeyedByAddress() throws {
        let program = try checked(Scripts.counts, kind: .file)
        #expect(program.aggregations.map(\.keys) == [[.addressText]])
        #expect(program.aggregations.map(\.name) == ["num"])
        #expect(!program.options.quiet)
    }

    @Test func packetsHaveTheirTypes() throws {
        let program = try checked(Scripts.packets, kind: .file)
        #expect(program.options.quiet && program.options.switchrate == 100_000_000)
        #expect(program.variables.map(\.name) == ["last", "elapsed"])
        #expect(program.variables.map(\.type) == [.unsignedLong, .unsignedLong])
        #expect(program.listing.contains("(this->elapsed = ((timestamp - last) / 1000u))"))
        #expect(
            program.listing.contains(
                "%10{unsignedDecimal 8 #0} %30{text #1} -> %-30{text #2} %8{text #3} %6{unsignedDecimal 4 #4}"))
    }

    @Test func segmentsHaveTheirTypes() throws {
        let program = try checked(Scripts.segments, kind: .file)
        let last = try #require(program.clauses.last)
        #expect(last.probes.map(\.description) == ["tcp:::send", "tcp:::receive"])
        #expect(last.statements.count == 10)
        #expect(program.variables.map(\.type) == [.unsignedInt])
        #expect(program.listing.contains("printf(\"\\b)\\n\")"))
    }

    /// Every member of every argument has a translation on every kernel.
    @Test(arguments: Kernel.versions)
    func allMembersTranslate(version: String) throws {
        let types = try Kernel.types(version)
        for probe in ["ip:::send", "ip:::drop-in", "tcp:::send", "tcp:::state-change", "udp:::receive"] {
            let signature = try #require(KnownProbes(types: types).signature(of: Self.description(probe)))
            for (index, argument) in signature.arguments.enumerated() {
                let name = try #require(argument.translated)
                let members =
                    try checked("BEGIN { this->n = sizeof(\(name)); }", types: types).types.structures
                    .first { "\($0.name)_t" == name }?.members ?? []
                #expect(!members.isEmpty, "\(name)")
                let body = members.map { "trace(args[\(index)]->\($0.name));" }.joined(separator: " ")
                #expect(throws: Never.self, "\(probe) \(name)") { try checked("\(probe) { \(body) }", types: types) }
            }
        }
        #expect(throws: Never.self) {
            try checked(
                """
                BEGIN { trace(curpsinfo->pr_fname); trace(curpsinfo->pr_ppid); trace(curcpu->cpu_id);
                    trace(curlwpsinfo->pr_lwpid); trace(curpsinfo->pr_uid); trace(curthread->comm); }
                """, types: types)
        }
    }

    private static func description(_ text: String) -> ProbeDescription {
        let parts = text.split(separator: ":")
        return ProbeDescription(provider: String(parts[0]), name: String(parts[1]))
    }

    @Test func prototypesTypeArguments() throws {
        #expect(
            try statements("trace(args[0]->len);", probe: "fbt::tcp_v4_rcv:entry").contains("probe.parameter0 + "))
        #expect(try statements("trace(args[1]);", probe: "fbt::ip_rcv:return") == "trace(probe.returnValue)")
        #expect(
            try statements("trace(args[0]->len); trace(arg2);", probe: "sdt:::netif_receive_skb").hasSuffix(
                "trace(arg2)"))
        let error = try #require(failure("fbt::tcp_*:entry { trace(args[0]); }"))
        #expect(error.description.contains("has no args[]"))
    }
}

enum Scripts {
    static let counts = """
        ip:::receive
        {
        @num[args[2]->ip_saddr] = count();
        }
        """
    static let packets = #"""
        #pragma D option quiet
        #pragma D option switchrate=10Hz
        dtrace:::BEGIN
        {
        printf(" %10s %30s %-30s %8s %6s\n", "DELTA(us)", "SOURCE",
        "DEST", "INT", "BYTES");
        last = timestamp;
        }
        ip:::send
        {
        this->elapsed = (timestamp - last) / 1000;
        printf(" %10d %30s -> %-30s %8s %6d\n", this->elapsed,
        args[2]->ip_saddr, args[2]->ip_daddr, args[3]->if_name,
        args[2]->ip_plength);
        last = timestamp;
        }
        ip:::receive
        {
        this->elapsed = (timestamp - last) / 1000;
        printf(" %10d %30s <- %-30s %8s %6d\n", this->elapsed,
        args[2]->ip_daddr, args[2]->ip_saddr, args[3]->if_name,
        args[2]->ip_plength);
        last = timestamp;
        }
        """#
    static let segments = #"""
        #!/usr/sbin/dtrace -s
        #pragma D option quiet
        #pragma D option switchrate=10hz
        dtrace:::BEGIN
        {
        printf(" %3s %15s:%-5s %15s:%-5s %6s %s\n", "CPU",
        "LADDR", "LPORT", "RADDR", "RPORT", "BYTES", "FLAGS");
        }
        tcp:::send
        {
        this->length = args[2]->ip_plength - args[4]->tcp_offset;
        printf(" %3d %16s:%-5d -> %16s:%-5d %6d (", cpu,
        args[2]->ip_saddr, args[4]->tcp_sport,
        args[2]->ip_daddr, args[4]->tcp_dport, this->length);
        }
        tcp:::receive
        {
        this->length = args[2]->ip_plength - args[4]->tcp_offset;
        printf(" %3d %16s:%-5d <- %16s:%-5d %6d (", cpu,
        args[2]->ip_daddr, args[4]->tcp_dport,
        args[2]->ip_saddr, args[4]->tcp_sport, this->length);
        }
        tcp:::send,
        tcp:::receive
        {
        printf("%s", args[4]->tcp_flags & TH_FIN ? "FIN|" : "");
        printf("%s", args[4]->tcp_flags & TH_SYN ? "SYN|" : "");
        printf("%s", args[4]->tcp_flags & TH_RST ? "RST|" : "");
        printf("%s", args[4]->tcp_flags & TH_PUSH ? "PUSH|" : "");
        printf("%s", args[4]->tcp_flags & TH_ACK ? "ACK|" : "");
        printf("%s", args[4]->tcp_flags & TH_URG ? "URG|" : "");
        printf("%s", args[4]->tcp_flags & TH_ECE ? "ECE|" : "");
        printf("%s", args[4]->tcp_flags & TH_CWR ? "CWR|" : "");
        printf("%s", args[4]->tcp_flags == 0 ? "null " : "");
        printf("\b)\n");
        }
        """#
}
