import CSyscalls

/// SIGINT, SIGTERM and SIGHUP end a trace cleanly; SIGPIPE becomes an error of the write.
public enum StopSignals {
    /// Takes effect for the whole process. Signals that are ignored at the start stay ignored.
    public static func install() { nt_catch_stop_signals() }

    /// A signal has arrived: the run ends.
    public static var received: Bool { nt_stop_signals() > 0 }

    /// A second signal has arrived: the run ends at once, even if output has not been read.
    public static var areUrgent: Bool { nt_stop_signals() > 1 }
}
