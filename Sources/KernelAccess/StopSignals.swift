import CSyscalls

/// SIGINT, SIGTERM and SIGHUP end a trace cleanly; SIGPIPE becomes the error of a write.
public enum StopSignals {
    /// From now on, for the whole process.
    public static func install() { nt_catch_stop_signals() }

    /// One of them has come.
    public static var received: Bool { nt_stop_requested() != 0 }
}
