import CNettraceBPF

/// What happens to a socket where a tracer fires: what `--sock` shows.
///
/// A closed vocabulary: tracers.json declares one for a hook whose source was read (docs/TRACERS.md). The kernel side
/// knows what to look at for each: BPF/sock_kinds.h.
public enum SocketEvent: String, CaseIterable, Sendable {
    case connect
    case accept
    /// One state of the socket gives way to another.
    case state
    case retransmit
    case synack = "retransmit-synack"
    /// The retransmission timer fires.
    case timeout = "rto"
    /// The peer takes no more data, and is asked whether it does now.
    case zeroWindow = "zero-window"
    case resetSent = "reset-sent"
    case resetReceived = "reset-received"
    /// Data had arrived that nobody will read.
    case closeUnread = "close-unread"
    /// More connections wait than a listener has room for.
    case listenOverflow = "listen-overflow"
    case bufferFull = "buffer-full"
    /// The memory of a whole protocol is used up.
    case memory = "memory-limit"
    /// The socket gets an error from outside.
    case error

    /// NT_SOCK_ of BPF/include/nettrace_sock.h.
    public var number: UInt16 {
        let number =
            switch self {
            case .connect: NT_SOCK_CONNECT
            case .accept: NT_SOCK_ACCEPT
            case .state: NT_SOCK_STATE
            case .retransmit: NT_SOCK_RETRANSMIT
            case .synack: NT_SOCK_SYNACK
            case .timeout: NT_SOCK_RTO
            case .zeroWindow: NT_SOCK_ZERO_WINDOW
            case .resetSent: NT_SOCK_RESET_SENT
            case .resetReceived: NT_SOCK_RESET_RECEIVED
            case .closeUnread: NT_SOCK_CLOSE_UNREAD
            case .listenOverflow: NT_SOCK_LISTEN_OVERFLOW
            case .bufferFull: NT_SOCK_BUFFER_FULL
            case .memory: NT_SOCK_MEMORY
            case .error: NT_SOCK_ERROR
            }
        return UInt16(number)
    }

    private static let byNumber = Dictionary(uniqueKeysWithValues: allCases.map { ($0.number, $0) })

    /// nil: a kind that is newer than this list, or damage.
    public init?(number: UInt16) {
        guard let event = Self.byNumber[number] else { return nil }
        self = event
    }
}
