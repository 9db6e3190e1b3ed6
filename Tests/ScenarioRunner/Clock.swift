import Glibc

/// A point in monotonic time after which nobody waits any longer.
struct Deadline: Sendable {
    private let end: ContinuousClock.Instant

    init(seconds: Double) {
        end = .now + .seconds(seconds)
    }

    /// For what has to come: it ends what hangs, and is far beyond what the busiest machine takes. A limit that such a
    /// machine can miss would make a test fail for the want of a processor.
    static var hanging: Deadline { Deadline(seconds: 600) }

    var hasPassed: Bool { ContinuousClock.now >= end }
}

/// SIGINT or SIGTERM asked the runner to stop.
struct Interruption: Error {
    let signal: Int32
}

/// The one way to wait here: a short sleep that a child's end cuts short and a request to stop turns into an error.
///
/// The signals stay blocked and are collected with sigtimedwait(2), so that nothing ever runs in a signal handler.
enum Signals {
    private static var waitedFor: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in [SIGINT, SIGTERM, SIGCHLD] { sigaddset(&set, signal) }
        return set
    }

    static func block() {
        // A shell starts what it runs in the background with SIGINT ignored, and nettrace respects what its parent ignores.
        for ignored in [SIGINT, SIGQUIT] { signal(ignored, SIG_DFL) }
        var set = waitedFor
        sigprocmask(SIG_BLOCK, &set, nil)
    }

    /// Sleeps at most 20 ms.
    static func pause() throws(Interruption) {
        var set = waitedFor
        var time = timespec(tv_sec: 0, tv_nsec: 20_000_000)
        let signal = sigtimedwait(&set, nil, &time)
        if signal == SIGINT || signal == SIGTERM { throw Interruption(signal: signal) }
    }

    /// Waits until the condition holds; false when the deadline passed first.
    static func wait(until deadline: Deadline, for condition: () -> Bool) throws(Interruption) -> Bool {
        while !condition() {
            if deadline.hasPassed { return false }
            try pause()
        }
        return true
    }
}
