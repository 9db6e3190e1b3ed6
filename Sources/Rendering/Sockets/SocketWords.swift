import Events
import Protocols

// Words for the numbers of a socket. They are of the kernel's interface to user space and never change, so that no
// kernel has to be asked.
extension SocketSection {
    /// SOCK_STREAM, SOCK_DGRAM, SOCK_RAW, SOCK_RDM, SOCK_SEQPACKET, SOCK_DCCP, SOCK_PACKET: include/linux/net.h.
    var typeWord: StaticString? {
        switch type {
        case 1: "stream"
        case 2: "dgram"
        case 3: "raw"
        case 4: "rdm"
        case 5: "seqpacket"
        case 6: "dccp"
        case 10: "packet"
        default: nil
        }
    }

    /// AF_INET, AF_INET6, AF_PACKET; nil for those that networks see little of.
    var familyWord: StaticString? {
        switch family {
        case 2: "inet"
        case 10: "inet6"
        case 17: "packet"
        default: nil
        }
    }

    /// As `-p` spells it; nil where it has no word, and where the family has no such protocols.
    var transportWord: StaticString? {
        guard hasTransport else { return nil }
        // IPPROTO_MPTCP, the first that does not fit into an IP header.
        return transport == 262 ? "mptcp" : UInt8(exactly: transport).flatMap { IPProtocol.keyword($0) }
    }

    var hasTransport: Bool { family == 2 || family == 10 }

    /// BPF_TCP_ESTABLISHED and so on in include/uapi/linux/bpf.h, for every connection-oriented protocol; the others only
    /// borrow two of the numbers. nil: a state that is newer than this list.
    var stateWord: StaticString? {
        let isConnectionless = type == 2 || type == 3 || type == 10
        return switch state {
        case 1 where isConnectionless: "CONNECTED"
        case 7 where isConnectionless: "UNCONNECTED"
        default: Self.stateWord(state)
        }
    }

    /// The same of connections only.
    static func stateWord(_ state: UInt16) -> StaticString? {
        switch state {
        case 1: "ESTABLISHED"
        case 2: "SYN_SENT"
        case 3: "SYN_RECV"
        case 4: "FIN_WAIT1"
        case 5: "FIN_WAIT2"
        case 6: "TIME_WAIT"
        case 7: "CLOSE"
        case 8: "CLOSE_WAIT"
        case 9: "LAST_ACK"
        case 10: "LISTEN"
        case 11: "CLOSING"
        case 12: "NEW_SYN_RECV"
        case 13: "BOUND_INACTIVE"
        default: nil
        }
    }
}
