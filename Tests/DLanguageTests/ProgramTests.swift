import DLanguage
import Testing

/// Programs as people write them.
@Suite struct ProgramTests {
    @Test(arguments: [
        "BEGIN { i = 0; } tick-10ms /i < 100/ { @[i] = quantize(i); i++; } tick-10ms /i == 100/ { exit(0); }",
        "self char c; struct s { int a; }; this struct s t; self struct s u; BEGIN { this->t.a = 1; self->u.a = this->t.a; }",
        "inline uint64_t NANO = 1000000000; tick-1s { trace(timestamp / NANO); }", "profile:::tick-1sec /x++ < 5/ { }",
        "struct out { int a; }; translator struct out < int i > { a = i * 2; }; BEGIN { trace(xlate <struct out> (5).a); }"
            .replacing("xlate <struct out> (5).a", with: "(xlate <struct out> (5)).a"),
        "fbt:::entry { @[probefunc] = count(); } tick-1s { trunc(@, 3); exit(0); }",
        "BEGIN /$pid == 7 && \"a\" != \"b\"/ { }",
        "BEGIN { x = 4; @[\"a\", 1] = lquantize(x, 0, 10, 1, 5); }", "BEGIN { c = 'a'; c++; printf(\"%c\", c); }",
        "typedef struct { int x; } pt_t; pt_t p; BEGIN { p.x = 3; printf(\"%d\", p.x); }",
        "dtrace:::BEGIN, dtrace:::END { }",
        "string a[int]; BEGIN { a[0] = \"x\"; printf(\"%s\", a[0]); }", "const int c; volatile int v; BEGIN { v = 1; }",
        "BEGIN { this->a = 5; this->a <<= 2; this->a |= 1; this->a ^= 3; this->a %= 4; this->a /= 2; this->a -= 1; }",
        "union u { struct { int a; }; long b; } x; BEGIN { x.a = 1; trace(x.b); }",
        "int m[3][4]; BEGIN { m[1][2] = 5; m[arg0][1] = 2; }",
        "enum e { A } v; BEGIN { v = A; trace(v == A); }",
        "BEGIN { x = (struct iphdr *)NULL; trace(x == NULL); trace(x != 0); }",
        "BEGIN { a[curthread] = 1; a[curthread] = 0; b[execname, pid, arg0] += 2; }",
        "tick-1s { @a = count(); @a = count(); printa(@a); clear(@a); }",
        "BEGIN { x = 1 ? \"a\" : \"b\"; y = x == \"a\" && 1; }",
        "BEGIN { printf(\"%s\", stringof(\"abc\")); printf(\"%s\", lltostr(5)); printf(\"%d\", strtoll(\"12\", 16)); }",
        "BEGIN { trace((int)'a' + 1); trace(\"ab\" != \"cd\" ? 1 : 0); }", "BEGIN { ((struct iphdr *)arg0)->ttl; }",
        "BEGIN { self->p = &((struct sk_buff *)arg0)->len; trace(*self->p); trace(self->p[1]); }",
        "syscall:::entry { self->a[probefunc] = timestamp; } syscall:::return /self->a[probefunc]/ { @[probefunc] = max(timestamp - self->a[probefunc]); self->a[probefunc] = 0; }",
        "BEGIN { speculate(1); trace(1) }", "BEGIN { printf(\"%-20s %#06x %+d % d %lu\\n\", \"a\", 255, 1, 2, 3ul); }",
        "BEGIN { trace(sizeof (curthread->comm)); trace(sizeof (struct sk_buff) > 100); }",
        "this int i, j; BEGIN { this->i = this->j = 1; }", "BEGIN { x = !(1 && 0) ^ ~(3 | 4); }",
        "unsigned long long int big; signed char sc; long long ll; short int si; BEGIN { big = 1; }",
        "BEGIN { @a[1] = sum(-5); @b = min(arg0 - 3); }",
        "BEGIN { h = *(struct iphdr *)arg0; trace(h.ttl); print(h); trace(h); }",
        "tcp:::send { @[args[4]->tcp_flags & (TH_SYN|TH_FIN|TH_RST)] = count(); }",
        "tcp:::state-change /args[3]->tcps_state == TCP_STATE_TIME_WAIT/ { @[args[3]->tcps_raddr, args[3]->tcps_rport] = count(); }",
        "udp:::receive { @[args[2]->ip_saddr, args[4]->udp_sport] = sum(args[4]->udp_length); }",
        "ip:::receive /args[4]->ipv4_hdr != NULL && args[4]->ipv4_hdr->ttl < 5/ { trace(args[0]->nt_skb->len); }",
        "ip:::receive /args[3]->if_name == \"eth0\" && !args[3]->if_local/ { @[args[3]->if_ipstack] = count(); }",
        "ip:::drop-in { @[args[6]->dr_reason, args[2]->ip_saddr] = count(); printf(\"%a\\n\", args[6]->dr_location); }",
        "tcp:::connect-request { start[args[1]->cs_cid] = timestamp; } tcp:::connect-established /start[args[1]->cs_cid]/ { @[args[2]->ip_daddr] = quantize((timestamp - start[args[1]->cs_cid]) / 1000); start[args[1]->cs_cid] = 0; }",
        "sdt:::tcp_retransmit_skb { this->sk = (struct tcp_sock *)arg0; printf(\"%d %d\\n\", this->sk->snd_cwnd, this->sk->srtt_us >> 3); }",
        "fbt::tcp_sendmsg:entry { self->size = args[2]; } fbt::tcp_sendmsg:return /args[1] < 0/ { @[execname, -args[1]] = sum(self->size); }",
        "BEGIN { self->t = timestamp; printf(\"%Y\\n\", walltimestamp); setopt(\"switchrate\", \"10hz\"); }",
        "profile-997hz /pid == $pid/ { @[stack(5)] = count(); } END { printa(\"%k%@12d\\n\", @); }",
    ])
    func programsOfUsersAreAccepted(program: String) throws {
        #expect(throws: Never.self, "\(program)") { try checked(program) }
    }
}
