import Testing
import Tracers

struct GlobTests {
    @Test(arguments: [
        ("ip_rcv", "ip_rcv"), ("*", ""), ("*", "anything"), ("ip_*", "ip_"), ("ip_*", "ip_rcv"),
        ("*_rcv", "tcp_v4_rcv"),
        ("*a*b*", "xxaxxbxx"), ("a*a*a", "aaa"), ("t??", "tcp"), ("tcp_v[46]_rcv", "tcp_v6_rcv"),
        ("[a-z]cp", "tcp"), ("[!a-s]cp", "tcp"), ("[a-]", "-"), ("[]]", "]"), ("[x", "[x"), ("**", ""), ("[!]", "!"),
    ])
    func matches(pattern: String, name: String) {
        #expect(Glob(pattern).matches(name))
    }

    @Test(arguments: [
        ("ip_rcv", "ip_rcv_core"), ("ip_rcv", "xip_rcv"), ("", "a"), ("ip_*", "ip"), ("t?", "tcp"), ("t??", "tc"),
        ("tcp_v[46]_rcv", "tcp_v5_rcv"), ("[!a-z]cp", "tcp"), ("a*a*a", "aa"), ("IP_*", "ip_rcv"), ("[z-a]", "b"),
    ])
    func doesNotMatch(pattern: String, name: String) {
        #expect(!Glob(pattern).matches(name))
    }

    /// A naive matcher needs longer than the age of the universe.
    @Test(.timeLimit(.minutes(30)))
    func manyRunsStayCheap() {
        let name = String(repeating: "a", count: 5_000)
        #expect(!Glob(String(repeating: "a*", count: 200) + "b").matches(name))
    }

    @Test func knowsPlainNames() {
        #expect(!Glob.isPattern("__netif_receive_skb_core"))
        #expect(Glob.isPattern("ip_*") && Glob.isPattern("ip?") && Glob.isPattern("v[46]"))
    }
}
