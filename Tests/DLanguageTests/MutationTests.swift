import DLanguage
import Testing

import Glibc

/// Programs out of the pieces of other programs: nothing may trap, and each error has a place.
@Suite struct MutationTests {
    private static let pieces = [
        "BEGIN", "{", "}", "(", ")", "[", "]", ";", ",", "/", "?", ":", "=", "+=", "==", "!=", "<", "<<", ">>", "&&",
        "||",
        "^^", "+", "-", "*", "%", "&", "|", "^", "~", "!", "++", "--", "->", ".", "@", "@a", "@a[pid]", "x", "y[1]",
        "self->z",
        "this->w", "arg0", "args[2]", "pid", "execname", "timestamp", "1", "0", "0xff", "\"s\"", "'c'", "5ul", "trace(",
        "printf(\"%d %s\",",
        "count()", "sum(", "quantize(", "lquantize(1, 2, 3)", "printa(", "exit(", "stack(", "struct iphdr", "struct s",
        "int", "unsigned",
        "string", "uint8_t", "(struct iphdr *)", "(uint64_t)", "(char)", "ip_saddr", "ttl", "saddr", "sizeof",
        "stringof", "offsetof(",
        "xlate <ipinfo_t *>", "inline int v =", "typedef", "union {", "enum {", "translator", "ip:::send",
        "tcp:::receive", "tick-1s",
        "curthread", "strlen(", "ntohs(", "inet_ntoa(", "$1", "$$1", "$pid", "\n", "/* */", "`jiffies", "NULL",
        "clear(", "trunc(",
    ]

    /// NETTRACE_MUTATIONS=100000 tries more of them.
    private static var count: Int { getenv("NETTRACE_MUTATIONS").flatMap { Int(String(cString: $0)) } ?? 200 }

    @Test func nothingTraps() throws {
        var generator = Numbers(state: 88172645463325252)
        var accepted = 0
        for number in 0..<Self.count {
            var text = ""
            // Half of them are an expression between whole statements, which gets further than noise.
            let length = 1 + Int(generator.next() % 12)
            let body = (0..<length).map { _ in Self.pieces[Int(generator.next() % UInt64(Self.pieces.count))] }
                .joined(separator: " ")
            text = number % 2 == 0 ? body : "ip:::send { x = 1; y[1] = 2; self->z = \"a\"; trace(\(body)); }"
            if let error = failure(text) {
                #expect(error.diagnostic.position.line >= 1, "\(text)")
            } else {
                accepted += 1
                _ = try checked(text).listing
            }
        }
        #expect(accepted > Self.count / 100)
    }

    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
    }
}
