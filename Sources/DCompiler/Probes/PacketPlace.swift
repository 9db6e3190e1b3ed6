/// How a place leads to its packet, and which packets fire the probe.
public struct PacketPlace: Hashable, Sendable {
    public enum Family: Hashable, Sendable {
        case ipv4, ipv6
        /// Of either version, by skb->protocol; others do not fire.
        case byProtocol
    }

    public enum Condition: Hashable, Sendable {
        /// pkt_type is not PACKET_OTHERHOST.
        case isForThisHost
        /// This machine made it: it was never received (skb->skb_iif is 0).
        case isLocallySent
        /// It came in by a device (skb->skb_iif is not 0).
        case wasReceived
        /// The destination is an address of the device, or the device is a loopback.
        case isAddressedToDevice
        /// The first header after those of IP.
        case hasTransport(UInt8)
        /// The TCP header has exactly these of the masked flags.
        case tcpFlags(mask: UInt8, UInt8)
        /// The sequence number of the TCP header is 0.
        case isSequenceZero
        /// The state of the socket, a TCP_ number of include/net/tcp_states.h.
        case socketState(UInt8)
        /// A parameter of the place has this value.
        case parameter(Int, equals: Int32)
    }

    /// Where args[1] and args[3] come from.
    public enum SocketSource: Hashable, Sendable {
        case none
        /// skb->sk
        case packet
        case parameter(Int)
    }

    /// The parameter that is a `struct sk_buff *`.
    public var parameter: Int
    public var family: Family
    public var conditions: [Condition]
    public var socket: SocketSource
    /// Parameters with the reason and the place of a drop; a kernel without reasons has none.
    public var reason: Int?
    public var location: Int?

    public init(
        parameter: Int, family: Family, conditions: [Condition] = [], socket: SocketSource = .none,
        reason: Int? = nil, location: Int? = nil
    ) {
        self.parameter = parameter
        self.family = family
        self.conditions = conditions
        self.socket = socket
        self.reason = reason
        self.location = location
    }
}

/// A place that has a connection and no packet.
public struct ConnectionPlace: Hashable, Sendable {
    /// The parameter that is a `struct sock *`; sockets of other protocols than TCP do not fire.
    public var socket: Int
    /// Parameters with the states before and after a change.
    public var oldState: Int?
    public var newState: Int?
    /// Values of those that fire the probe; nil: any.
    public var from: Int32?
    public var to: Int32?
    /// The state of the socket that fires the probe; nil: any.
    public var state: UInt8?
    /// TCP flags of the received segment that has caused the event. Its headers are made up from the socket: addresses,
    /// ports and flags; all else is 0.
    public var segment: UInt8?

    public init(
        socket: Int, oldState: Int? = nil, newState: Int? = nil, from: Int32? = nil, to: Int32? = nil,
        state: UInt8? = nil, segment: UInt8? = nil
    ) {
        self.socket = socket
        self.oldState = oldState
        self.newState = newState
        self.from = from
        self.to = to
        self.state = state
        self.segment = segment
    }
}
