import CNettraceBPF

/// The event of a socket at a tracer, which `--sock` shows.
///
/// A closed vocabulary: tracers.json declares an event only for hooks whose source was read (docs/TRACERS.md).
/// BPF/sockets/sock_kinds.h lists the fields that the kernel side reads for each.
public enum SocketEvent: String, CaseIterable, Sendable {
    case connect
    case accept
    /// The state of the socket changes.
    case state
    case retransmit
    case synack = "retransmit-synack"
    /// The retransmission timer fires.
    case timeout = "rto"
    /// The peer's window is zero, and the socket sends a probe.
    case zeroWindow = "zero-window"
    case resetSent = "reset-sent"
    case resetReceived = "reset-received"
    /// The socket closes while received data is unread.
    case closeUnread = "close-unread"
    /// The queue of a listener is full.
    case listenOverflow = "listen-overflow"
    case bufferFull = "buffer-full"
    /// The memory limit of the whole protocol is reached.
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

    /// Returns nil for a kind that is newer than this list, or for damaged data.
    public init?(number: UInt16) {
        guard let event = Self.byNumber[number] else { return nil }
        self = event
    }
}
