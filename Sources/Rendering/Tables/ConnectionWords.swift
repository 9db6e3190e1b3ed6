import Events

// Words for what a TCP connection is and how it ended.
extension TCPConnection {
    /// As in SocketSection.stateWord.
    var stateWord: StaticString {
        switch state {
        case 1: "ESTABLISHED"
        case 2: "SYN_SENT"
        case 3: "SYN_RECV"
        case 4: "FIN_WAIT1"
        case 5: "FIN_WAIT2"
        case 7: "CLOSE"
        case 8: "CLOSE_WAIT"
        case 9: "LAST_ACK"
        case 11: "CLOSING"
        default: "-"
        }
    }
}

extension TCPConnection.Ending {
    /// For a table.
    var text: StaticString {
        switch self {
        case .closed: "closed"
        case .closedByPeer: "closed by peer"
        case .reset: "reset"
        case .aborted: "aborted"
        case .refused: "refused"
        case .timedOut: "timed out"
        case .failed: "failed"
        }
    }

    /// For programs.
    var slug: StaticString {
        switch self {
        case .closed: "closed"
        case .closedByPeer: "closed-by-peer"
        case .reset: "reset"
        case .aborted: "aborted"
        case .refused: "refused"
        case .timedOut: "timed-out"
        case .failed: "failed"
        }
    }
}
