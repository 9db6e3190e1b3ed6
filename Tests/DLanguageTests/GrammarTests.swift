import DLanguage
import Testing

/// Small programs over the productions of the grammar, and what they mean.
@Suite struct GrammarTests {
    @Test(arguments: [
        // Precedence and associativity.
        ("x = arg0; trace(1 + 2 * 3);", "trace(7)"), ("trace((1 + 2) * 3);", "trace(9)"),
        ("trace(10 - 4 - 3);", "trace(3)"), ("trace(2 << 1 + 1);", "trace(8)"), ("trace(7 & 3 == 3);", "trace(1)"),
        ("trace(1 | 2 ^ 3 & 2);", "trace(1)"), ("trace(1 || 0 && 0);", "trace(1)"), ("trace(1 ^^ 1);", "trace(0)"),
        ("trace(1 || 1 ^^ 1);", "trace(1)"), ("trace(-3 / 2);", "trace(-1)"), ("trace(-3 % 2);", "trace(-1)"),
        ("trace(~0);", "trace(-1)"), ("trace(!5);", "trace(0)"), ("trace(- - 5);", "trace(5)"),
        ("trace(1 < 2 == 1);", "trace(1)"), ("trace(1 ? 2 : 3 ? 4 : 5);", "trace(2)"),
        ("trace(0 ? 2 : 0 ? 4 : 5);", "trace(5)"), ("trace(-1 < 0u);", "trace(0)"), ("trace(100 / 7 % 4);", "trace(2)"),
        ("trace(1 > 2 || 3 != 3);", "trace(0)"), ("trace(+5);", "trace(5)"), ("trace(-8 >> 1);", "trace(-4)"),
        // Literals.
        ("trace(0x1F);", "trace(31)"), ("trace(017);", "trace(15)"), ("trace('a');", "trace(97)"),
        ("trace('\\n');", "trace(10)"), ("trace('\\0');", "trace(0)"), ("trace('\\x41');", "trace(65)"),
        ("trace('ab');", "trace(24930)"), ("trace(\"a\" \"b\\t\");", "trace(\"ab\\t\")"),
        ("trace(\"\\101\\x42\\\"\");", "trace(\"AB\\\"\")"),
        ("trace(18446744073709551615u);", "trace(18446744073709551615u)"),
        ("trace(0xffffffff);", "trace(4294967295u)"), ("trace(4294967295);", "trace(4294967295)"),
        ("trace(1UL);", "trace(1u)"), ("trace(1ll);", "trace(1)"), ("trace(NULL == 0);", "trace(1)"),
        // Sizes.
        ("trace(sizeof (int));", "trace(4u)"), ("trace(sizeof(struct iphdr));", "trace(20u)"),
        ("trace(sizeof (struct sk_buff *));", "trace(8u)"), ("trace(sizeof timestamp);", "trace(8u)"),
        ("trace(sizeof (\"abc\"));", "trace(4u)"), ("trace(sizeof(string));", "trace(256u)"),
        ("trace(offsetof(struct iphdr, ttl));", "trace(8u)"), ("trace(sizeof (uint64_t[3]));", "trace(24u)"),
        ("trace(sizeof (char));", "trace(1u)"), ("trace(sizeof(unsigned short int));", "trace(2u)"),
        // Casts.
        ("trace((char)300);", "trace(44)"), ("trace((uint8_t)-1);", "trace(255u)"),
        ("trace((int)0xffffffff);", "trace(-1)"),
        ("trace((uint16_t)arg0);", "trace((unsigned short)arg0)"), ("trace((unsigned)-1);", "trace(4294967295u)"),
        ("trace((int)sizeof (int) - 5);", "trace(-1)"),
        ("trace(((struct iphdr *)arg0)->ttl);", "trace(*(uint8_t *)((struct iphdr *)arg0 + 8))"),
        ("trace(*(uint32_t *)arg0);", "trace(*(unsigned int *)((unsigned int *)arg0))"),
        ("trace(((uint8_t *)arg0)[4]);", "trace(*(uint8_t *)((uint8_t *)arg0 + 4))"),
        ("trace((uint64_t)((int *)arg0 + 2));", "trace((unsigned long)((int *)arg0 + 8))"),
        ("trace((int *)arg0 - (int *)arg1);", "trace((((long)(int *)arg0 - (long)(int *)arg1) / 4))"),
        ("trace(&((struct iphdr *)arg0)->saddr);", "trace(((unsigned int *)(struct iphdr *)arg0 + 12))"),
        ("trace(((struct iphdr *)arg0)->ihl);", "trace(*(uint8_t *)((struct iphdr *)arg0)<0:4>)"),
        ("trace(((struct sk_buff *)arg0)->dev->mtu);", nil), ("trace(stringof(curthread->comm));", nil),
        ("trace(((struct sk_buff *)arg0)->cb[arg1]);", nil), ("trace((*(struct iphdr *)arg0).version);", nil),
        // Texts.
        ("trace(\"a\" < \"b\");", "trace(1)"), ("trace(execname == \"sshd\");", "trace(strcmp(execname == \"sshd\"))"),
        ("trace(stringof(arg0));", "trace((string)(char *)arg0)"),
        ("trace(strlen(probefunc));", "trace(strlen(probefunc))"),
        ("trace(strjoin(execname, \"x\"));", "trace(strjoin(execname, \"x\"))"),
        ("trace(arg0 ? \"a\" : \"b\");", "trace((arg0 ? \"a\" : \"b\"))"), ("trace(htons(0x1234));", "trace(13330u)"),
        ("trace(curthread->comm);", nil), ("trace(substr(execname, 1));", "trace(substr(execname, 1))"),
        // Statements.
        ("exit(0);", "exit(0)"), ("stack();", "stack(20)"), ("stack(5);", "stack(5)"), (";;; exit(1); ;", "exit(1)"),
        ("x = 1, y = 2;", "((x = 1), (y = 2))"), ("x++;", "(old x = (x + 1))"),
        ("--x;", "(x = (x - 1))"), ("x = 1; x += 2;", "(x = 1); (x = (x + 2))"),
        ("x = 8; x >>= 1;", "(x = 8); (x = (x >> 1))"), ("a[1, \"x\"] = 5;", "(a[1, \"x\"] = 5)"),
        ("a[1] = 1; a[1]++;", "(a[1] = 1); (old a[1] = (a[1] + 1))"), ("self->x = 1;", "(self->x = 1)"),
        ("self->a[pid] = 1;", "(self->a[pid] = 1)"), ("this->s = \"x\";", "(this->s = \"x\")"),
        ("tracemem(arg0, 16);", "tracemem((void *)arg0, 16)"),
        ("tracemem(arg0, 64, arg1);", "tracemem((void *)arg0, 64, (unsigned long)arg1)"),
        ("setopt(\"quiet\");", "setopt(quiet)"), ("setopt(\"switchrate\", \"5hz\");", "setopt(switchrate, 5hz)"),
        ("print(*(struct iphdr *)arg0);", "print(*(struct iphdr *)((struct iphdr *)arg0))"),
        ("self->s = speculation(); speculate(self->s);", nil),
        ("ftruncate();", "ftruncate()"),
        ("pcap(probe_skb, \"x.pcapng\");", nil),
    ])
    func statementsMean(body: String, listing: String?) throws {
        let got = try statements(body)
        if let listing { #expect(got.hasSuffix(listing), "\(got)") }
    }

    @Test(arguments: [
        "BEGIN", "dtrace:::BEGIN {}", "BEGIN, END { exit(0); }", "tick-1s, profile-997hz { }", "*:::BEGIN { }",
        "fbt:vmlinux:tcp_*:entry { @[probefunc] = count(); }", "ip:::send /args[2]->ip_ver == 4/ { }",
        "ip:::send / execname == \"a\" / { }", "BEGIN /1/ { exit(0) }", "BEGIN /(4 / 2) == 2/ { exit(0); }",
        "BEGIN /4 / 2 == 2/ /* why */ { exit(0); }", "BEGIN/1/{exit(0)}END{}", "fbt::[a-c]?x*:entry { }", "1 { }",
        "END;",
        "int x; BEGIN { x = 1; }", "int a[int, string]; BEGIN { a[1, \"b\"] = 2; }",
        "self int x; BEGIN { self->x = 1; }",
        "this string s; BEGIN { this->s = \"a\"; }", "int x, *p, a[5]; BEGIN { a[4] = x; }",
        "string names[int]; BEGIN { names[1] = \"x\"; }",
        "typedef int number_t; number_t n; BEGIN { n = (number_t)arg0; }",
        "struct point { int x, y; struct { char a; } z; } p; BEGIN { p.x = 1; p.z.a = 2; trace(p.x); }",
        "union u { int i; char c[4]; } v; BEGIN { v.i = 0x41424344; trace(v.c[0]); }",
        "enum color { RED, GREEN = 5, BLUE }; BEGIN { trace(BLUE); exit(RED); }",
        "struct node { struct node *next; int value; }; BEGIN { trace(((struct node *)arg0)->next->value); }",
        "struct later; struct one { struct later *l; struct other *o; }; struct later { int a; }; struct other { int b; }; BEGIN { trace(((struct one *)arg0)->l->a); trace(((struct one *)arg0)->o->b); }",
        "struct flags { int a:1, b:2; unsigned c:5; } f; BEGIN { f.b = 1; trace(f.c); }",
        "inline int LIMIT = 5 * 2; BEGIN { trace(LIMIT); }",
        "inline int twice[int n] = n * 2; BEGIN { trace(twice[arg0 + 1]); }",
        "inline string name = \"x\"; BEGIN { trace(name); }",
        "struct in { int a; }; struct out { int b; string c; }; translator struct out < struct in *I > { b = I->a + 1; c = \"x\"; }; BEGIN { trace(xlate <struct out *> ((struct in *)arg0)->b); trace((xlate <struct out> ((struct in *)arg0)).c); }",
        "BEGIN { trace(`jiffies); trace(vmlinux`jiffies); trace(&`jiffies); }",
        "#pragma D option quiet\nBEGIN { exit(0); }", "#pragma D option strsize = 64\nBEGIN { }",
        "#pragma D attributes Evolving/Evolving/Common provider ip provider\nBEGIN { }",
        "#pragma D depends_on module vmlinux\nBEGIN { }",
        "#!/usr/sbin/dtrace -s\nBEGIN { }", "BEGIN {\n#pragma D option quiet\nexit(0); }", "# 1 \"x.d\"\nBEGIN { }",
        "/* a */ BEGIN /* b */ { /* c */ }", "BEGIN { @ = count(); @a[1, \"x\", execname] = sum(arg0); }",
        "BEGIN { @ = quantize(arg0); @b = lquantize(arg0, 0, 100, 10); @c = llquantize(arg0, 10, 0, 6, 20); }",
        "BEGIN { @ = avg(arg0); @m = min(arg0); @x = max(arg0); @s = stddev(arg0); @q = quantize(arg0, 5); }",
        "BEGIN { @a = count(); printa(@a); printa(\"%@d\\n\", @a); clear(@a); trunc(@a); trunc(@a, 5); normalize(@a, 10); denormalize(@a); }",
        "BEGIN { @a[pid] = count(); @b[pid] = sum(1); printa(\"%d %@d %@8d\\n\", @a, @b); }",
        "BEGIN { @[stack()] = count(); @s[stack(3), execname] = count(); @f[func(arg0), sym(arg0), mod(arg0)] = count(); }",
        "BEGIN { printf(\"%d %i %u %x %X %o %c %s %p %a %%\\n\", 1, 2, 3, 4, 5, 6, 'c', \"s\", arg0, arg0); }",
        "BEGIN { printf(\"%-10s|%+5d|% d|%05d|%#x|%*d|%.*s|%hd %ld %lld %hhx\", \"a\", 1, 2, 3, 4, 5, 6, 2, \"abc\", 1, 2, 3, 4); }",
        "BEGIN { printf(\"%Y %T\", walltimestamp, walltimestamp); printf(\"%k\", stack()); printf(\"%S %C\", \"a\", 'b'); }",
        "BEGIN { self->spec = speculation(); } tick-1s { speculate(self->spec); printf(\"x\"); } END { commit(self->spec); } ERROR { discard(self->spec); }",
        "BEGIN { y = 1; x = y = 3; x, y; }", "BEGIN { freopen(\"/tmp/x.%d\", pid); }",
        "sdt:::kfree_skb { @[args[2]] = count(); }", "syscall::read:entry { trace(arg0); trace(arg2); }",
        "syscall::read:return { trace(arg1); trace(errno); }", "profile-99 { @[stack(), arg0] = count(); }",
        "BEGIN { this->x = (long)arg0; this->y = this->x ? this->x : 5; }",
        "BEGIN { p = (struct iphdr *)arg0; trace(p->saddr); q = p; }",
        "BEGIN { self->s = execname; self->s = 0; self->s = NULL; trace(self->s == NULL); }",
        "float f; double d; long double l; BEGIN { }",
        "BEGIN { x = strtok(execname, \"/\"); y = strtok(NULL, \"/\"); trace(strchr(x, 'a') == NULL ? \"none\" : x); }",
        "ERROR { trace(arg4 == DTRACEFLT_DIVZERO); } BEGIN { trace(zonename); trace(SIGUSR1); trace(EAGAIN); }",
        "BEGIN { x = \"a\"; x = execname; y = x == \"b\" ? x : \"c\"; }",
        "tcp:::state-change { printf(\"%s\", tcp_state_string[args[5]->tcps_state]); }",
        "BEGIN { trace(inet_ntoa(&((struct iphdr *)arg0)->saddr)); trace(inet_ntop(AF_INET6, (void *)arg0)); }",
        "ip:::send { start[args[2]->ip_saddr, args[2]->ip_daddr] = timestamp; }",
    ])
    func programsAreAccepted(program: String) throws {
        #expect(throws: Never.self, "\(program)") { try checked(program) }
    }

    @Test func macroArgumentsAreWords() throws {
        let program = try checked(
            "ip:::send /args[2]->ip_daddr == $$1 && $pid != $2/ { trace($3); trace($$2); }",
            arguments: ["10.0.0.1", "-5", "execname"])
        #expect(program.listing.contains("== address[10.0.0.1]"))
        #expect(program.listing.contains("7 != -5") || program.listing.contains("/"))
        #expect(program.listing.contains("trace(execname)") && program.listing.contains("trace(\"-5\")"))
        #expect(try checked("tick-$1 { }", arguments: ["10ms"]).clauses[0].probes[0].name == "tick-10ms")
        #expect(throws: Never.self) { try checked("#pragma D option defaultargs\nBEGIN { trace($1); trace($$2); }") }
    }

    @Test func optionsAreValues() throws {
        let options: [(name: String, value: String?)] = [
            ("switchrate", "5s"), ("aggrate", "100ms"), ("bufsize", "4m"), ("strsize", "64"), ("quiet", nil),
            ("aggsortrev", "off"), ("nspec", "3"), ("bufpolicy", "ring"), ("statusrate", "2"),
        ]
        let program = try checked("#pragma D option stackindent=4\nBEGIN { trace(sizeof (string)); }", options: options)
        #expect(program.options.switchrate == 5_000_000_000 && program.options.aggrate == 100_000_000)
        #expect(program.options.bufsize == 4 << 20 && program.options.quiet && !program.options.aggsortrev)
        #expect(program.options.nspec == 3 && program.options.bufpolicy == .ring && program.options.stackindent == 4)
        #expect(program.options.statusrate == 500_000_000)
        #expect(program.listing.contains("trace(64u)"))
    }
}
