public import CNettraceBPF

/// An event of a socket (`struct nt_sock_event`, BPF/include/nettrace_sock.h).
public struct SocketEventSection: Sendable, Equatable {
    /// NT_SOCK_.
    public let kind: UInt16
    /// nil unless the state has changed.
    public let states: StateChange?
    /// An errno that has not been reported to the program yet.
    public let error: UInt16?
    /// Why a reset is sent, `enum sk_rst_reason`; nil where the kernel does not say (before 6.10).
    public let resetReason: UInt32?
    /// It is the queue of half-open connections that is full, not the one that accept(2) takes from.
    public let isOfSYNQueue: Bool
    /// How many or how much, whatever the kind counts; 0 where it counts nothing.
    public let count: UInt32
    /// How many or how much there may be.
    public let limit: UInt32

    @inlinable
    init(_ section: nt_sock_event) {
        kind = section.kind
        states =
            UInt32(section.kind) == UInt32(NT_SOCK_STATE)
            ? StateChange(old: section.old_state, new: section.new_state) : nil
        error = section.error == 0 ? nil : section.error
        resetReason = section.flags & NT_SOCK_REASON != 0 ? section.reason : nil
        isOfSYNQueue = section.flags & NT_SOCK_SYN_QUEUE != 0
        count = section.count
        limit = section.limit
    }
}

/// Two states, in the numbers of include/net/tcp_states.h.
public struct StateChange: Sendable, Equatable {
    public let old: UInt16
    public let new: UInt16

    @inlinable
    init(old: UInt16, new: UInt16) {
        self.old = old
        self.new = new
    }
}

extension EventView {
    /// The socket's event; nil: the record is of a packet.
    @inlinable
    public var socketEvent: SocketEventSection? {
        guard let offset = sections.socketEvent, let section = bytes.load(nt_sock_event.self, at: offset) else {
            return nil
        }
        return SocketEventSection(section)
    }
}
