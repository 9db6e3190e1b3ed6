import Glibc

/// A point in monotonic time at which a wait ends.
struct Deadline: Sendable {
    private let end: ContinuousClock.Instant

    init(seconds: Double) {
        end = .now + .seconds(seconds)
    }

    /// For events that must come: it ends a hanging test, and is far beyond what the busiest machine needs. A limit
    /// that a busy machine can miss would make tests fail for lack of a processor.
    static var hanging: Deadline { Deadline(seconds: 600) }

    var hasPassed: Bool { ContinuousClock.now >= end }
}

/// SIGINT or SIGTERM asked the runner to stop.
struct Interruption: Error {
    let signal: Int32
}

/// All waiting is done here: a short sleep that the end of a child cuts short, and that throws on a request to stop.
///
/// The signals stay blocked and are collected with sigtimedwait(2), so that no code runs in a signal handler.
enum Signals {
    private static var waitedFor: sigset_t {
        var set = sigset_t()
        sigemptyset(&set)
        for signal in [SIGINT, SIGTERM, SIGCHLD] { sigaddset(&set, signal) }
        return set
    }

    static func block() {
        // A shell starts background jobs with SIGINT ignored, nohup its command with SIGHUP; nettrace leaves signals
        // ignored that its parent ignores.
        for ignored in [SIGINT, SIGQUIT, SIGHUP] { signal(ignored, SIG_DFL) }
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

    /// Waits until the condition holds. Returns false if the deadline passes first.
    static func wait(until deadline: Deadline, for condition: () -> Bool) throws(Interruption) -> Bool {
        while !condition() {
            if deadline.hasPassed { return false }
            try pause()
        }
        return true
    }
}
