import CSyscalls

/// SIGINT, SIGTERM and SIGHUP end a trace cleanly; SIGPIPE becomes the error of a write.
public enum StopSignals {
    /// From now on, for the whole process. Signals that the parent had it ignore stay ignored.
    public static func install() { nt_catch_stop_signals() }

    /// One of them has come: the run is to end.
    public static var received: Bool { nt_stop_signals() > 0 }

    /// A second one has come: the run is to end at once, whoever has not read its output yet.
    public static var areUrgent: Bool { nt_stop_signals() > 1 }
}
