public import CNettraceBPF

/// A record's statements about itself: the NT_EVENT_ bits of `nt_event.flags` (BPF/include/nettrace_abi.h).
public struct EventFlags: OptionSet, Sendable {
    public let rawValue: UInt16

    @inlinable
    public init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    /// The packet bytes start with an Ethernet header; without it there are zeros in its place.
    @inlinable public static var link: EventFlags { EventFlags(bit: NT_EVENT_L2) }
    /// The packet bytes are made up from the socket's addresses and ports, since the skb has no headers yet.
    @inlinable public static var socketTuple: EventFlags { EventFlags(bit: NT_EVENT_SOCK_TUPLE) }
    /// The skb is dropped here; `location` is valid.
    @inlinable public static var drop: EventFlags { EventFlags(bit: NT_EVENT_DROP) }
    /// The drop reason is valid (kernels from 5.17).
    @inlinable public static var reason: EventFlags { EventFlags(bit: NT_EVENT_REASON) }
    /// The record holds a VLAN tag that is not among the packet bytes.
    @inlinable public static var vlan: EventFlags { EventFlags(bit: NT_EVENT_VLAN) }
    /// Ran in softirq, hardirq or NMI: the current task is a bystander.
    @inlinable public static var interrupt: EventFlags { EventFlags(bit: NT_EVENT_INTERRUPT) }
    /// The skb is freed or consumed here.
    @inlinable public static var free: EventFlags { EventFlags(bit: NT_EVENT_FREE) }
    /// Not asked for: only reports that the skb has ended, or without `free` that it was made. Neither shown nor counted. A
    /// drop has its sections.
    @inlinable public static var silent: EventFlags { EventFlags(bit: NT_EVENT_SILENT) }
    /// A function was entered whose return is recorded too, unless the trace ends first or the record is lost.
    @inlinable public static var call: EventFlags { EventFlags(bit: NT_EVENT_CALL) }
    /// A function returned: packet and place are as they were when it was entered.
    @inlinable public static var functionReturn: EventFlags { EventFlags(bit: NT_EVENT_RETURN) }

    /// The skb belongs to a packet socket: a tap's copy, or what was sent through one. Only reported for numbered packets.
    @inlinable public static var tap: EventFlags { EventFlags(bit: NT_EVENT_TAP) }

    /// The packet had matched before, and here its headers no longer do. Neither shown nor counted as an event.
    @inlinable public static var hidden: EventFlags { EventFlags(bit: NT_EVENT_HIDDEN) }
    /// Only drops: the kernel takes the packet for a broadcast or multicast (skb->pkt_type).
    @inlinable public static var group: EventFlags { EventFlags(bit: NT_EVENT_GROUP) }
    /// Only drops: the kernel takes the frame for another machine's.
    @inlinable public static var otherHost: EventFlags { EventFlags(bit: NT_EVENT_OTHER_HOST) }
    /// Any of these: the record is no event for the user.
    @inlinable public static var unshown: EventFlags { [.silent, .hidden] }

    @inlinable
    init(bit: UInt32) {
        self.init(rawValue: UInt16(truncatingIfNeeded: bit))
    }
}
