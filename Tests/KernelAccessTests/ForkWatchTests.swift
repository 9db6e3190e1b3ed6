import Glibc
import Testing

@testable import KernelAccess

/// Needs root.
@Suite(.enabled(if: getuid() == 0)) struct ForkWatchTests {
    @Test func shortLivedProcessesAreKnown() throws {
        let watch = ForkWatch()
        for _ in 0..<40 {
            var child: pid_t = 0
            var words: [UnsafeMutablePointer<CChar>?] = [strdup("/bin/true"), nil]
            defer { free(words[0]) }
            #expect(posix_spawn(&child, "/bin/true", nil, nil, &words, environ) == 0)
            var status: Int32 = 0
            while waitpid(child, &status, 0) < 0, errno == EINTR {}
            var parents: [UInt32: UInt32] = [:]
            watch.take { parents[$0] = $1 }
            #expect(parents[UInt32(child)] == UInt32(getpid()))
        }
    }
}
