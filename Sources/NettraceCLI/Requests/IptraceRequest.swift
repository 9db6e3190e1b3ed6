import Capture
import PacketFilter

/// A run of iptrace, as its command line asks for it.
struct IptraceRequest {
    var filter = ConversationFilter()
    var capture = CaptureSettings()
    var path = ""
    var format = Format.pcapng
    var rotation = LogRotation()
    var isForeground = false
    var pidFile: String?
    var readyFile: String?
    /// The user that the process becomes.
    var user: String?
    /// Packets come from hooks, with their path; and with the state of their socket.
    var tracesPath = false
    var tracesSockets = false
    /// Number of packets after which the run ends; nil: no limit.
    var count: UInt64?

    enum Format: String, CaseIterable {
        case pcapng, pcap, iptrace2
    }

    /// The name of the recorded packets, for messages.
    var subject: String { capture.interface.map { "interface \($0)" } ?? "all interfaces" }
}
