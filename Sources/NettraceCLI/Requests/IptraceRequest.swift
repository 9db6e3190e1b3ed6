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
    /// Only packets of these are recorded, which only hooks can tell: numbers, names and cgroups, each a list.
    var processes: [String] = []
    var commands: [String] = []
    var cgroups: [String] = []
    /// Words of a command to start, whose packets are recorded.
    var command: [String] = []
    /// The path of each packet is recorded beside it; and with the state of their socket.
    var tracesPath = false
    var tracesSockets = false
    /// Number of packets after which the run ends; nil: no limit.
    var count: UInt64?

    var selectsProcesses: Bool { !(processes.isEmpty && commands.isEmpty && cgroups.isEmpty && command.isEmpty) }
    /// Whether packets come from the kernel's hooks instead of a packet socket.
    var usesHooks: Bool { tracesPath || selectsProcesses }

    enum Format: String, CaseIterable {
        case pcapng, pcap, iptrace2
    }

    /// The name of the recorded packets, for messages.
    var subject: String { capture.interface.map { "interface \($0)" } ?? "all interfaces" }
}
