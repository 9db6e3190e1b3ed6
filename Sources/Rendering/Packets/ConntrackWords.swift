import Events
import Protocols

// Words for the numbers of connection tracking, as conntrack(8) and nft(8) spell them. They are of the kernel's interface to
// user space and never change.
extension ConntrackSection {
    /// `none` without an entry: the packet has not met connection tracking yet, is invalid to it, or nothing is tracked there.
    var stateWord: StaticString? {
        guard address != nil else { return info == 7 ? "UNTRACKED" : "none" }
        if let connection, connection.isTemplate { return "TEMPLATE" }
        return switch info {
        case 0, 3: "ESTABLISHED"
        case 1, 4: "RELATED"
        case 2: "NEW"
        default: nil
        }
    }

    /// The packet goes the other way than the first one of its connection (IP_CT_IS_REPLY).
    var isReply: Bool { address != nil && (3...5).contains(info) }
}

extension TrackedConnection {
    /// A rule has chosen a zone, a helper or a time limit (`ct zone set`, `-j CT`); the entry itself is still to come.
    var isTemplate: Bool { status & 1 << 11 != 0 }

    /// Ethertype of the addresses; 0: there are none that are known.
    var etherType: UInt16 {
        switch family {
        case 2: EtherType.ipv4
        case 10: EtherType.ipv6
        default: 0
        }
    }

    var isICMP: Bool { transport == IPProtocol.icmp || transport == IPProtocol.icmpv6 }
    /// TCP, UDP, DCCP, SCTP and UDPLite; the kernel leaves the ports of others at zero, or uses them for keys.
    var hasPorts: Bool { IPProtocol.hasPorts(transport) }

    /// Calls `body` with each word of IPS_ that says something about what will become of the packet.
    func forEachStatusWord(_ body: (StaticString) -> Void) {
        guard !isTemplate else { return }
        if status & 1 << 0 != 0 { body("EXPECTED") }
        if status & 1 << 1 == 0 { body("UNREPLIED") }
        if status & 1 << 2 != 0 { body("ASSURED") }
        if status & 1 << 3 == 0 { body("UNCONFIRMED") }
        if status & 1 << 4 != 0 { body("SRC_NAT") }
        if status & 1 << 5 != 0 { body("DST_NAT") }
        if status & 1 << 9 != 0 { body("DYING") }
        if status & 1 << 13 != 0 { body("HELPER") }
        if status & 1 << 14 != 0 { body("OFFLOAD") }
        if status & 1 << 15 != 0 { body("HW_OFFLOAD") }
    }

    /// The state of TCP or SCTP; nil where the protocol has none, or it is newer than this list.
    var protocolStateWord: StaticString? {
        switch (transport, state) {
        case (6, 0), (132, 0): "NONE"
        case (6, 1): "SYN_SENT"
        case (6, 2): "SYN_RECV"
        case (6, 3), (132, 4): "ESTABLISHED"
        case (6, 4): "FIN_WAIT"
        case (6, 5): "CLOSE_WAIT"
        case (6, 6): "LAST_ACK"
        case (6, 7): "TIME_WAIT"
        case (6, 8): "CLOSE"
        case (6, 9): "SYN_SENT2"
        case (132, 1): "CLOSED"
        case (132, 2): "COOKIE_WAIT"
        case (132, 3): "COOKIE_ECHOED"
        case (132, 5): "SHUTDOWN_SENT"
        case (132, 6): "SHUTDOWN_RECD"
        case (132, 7): "SHUTDOWN_ACK_SENT"
        case (132, 8): "HEARTBEAT_SENT"
        case (132, 9): "HEARTBEAT_ACKED"
        default: nil
        }
    }
}
