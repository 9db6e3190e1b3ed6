import KernelAccess

/// Messages of iptrace: on standard error, and in the system's log once it runs in the background.
struct IptraceMessages {
    private(set) var isInBackground = false

    mutating func moveToBackground() { isInBackground = true }

    func write(_ text: String, _ severity: Daemon.Severity = .notice) {
        if isInBackground {
            Daemon.log(text, severity, as: "iptrace")
        } else {
            var errors = OutputSink.standardError
            errors.write("iptrace: \(text)\n")
        }
    }
}
