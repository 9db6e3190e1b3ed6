public import CNettraceBPF

/// One record of the ring buffer or of a recording, read in place: a view is no more than a pointer and a length.
///
/// The view borrows the bytes it is made from and never allocates. Records may be unaligned, cut short or hostile:
/// nothing here traps. A section that the record names but does not fully hold counts as absent, as does every section
/// after it, and `isTruncated` is true.
///
/// Layout: `struct nt_event` and the sections after it, BPF/include/nettrace_abi.h. Host byte order.
public struct EventView: ~Escapable {
    @usableFromInline let bytes: RawSpan

    /// Reads a record. nil if `bytes` is shorter than the fixed head (`struct nt_event`).
    @inlinable
    @_lifetime(copy bytes)
    public init?(_ bytes: RawSpan) {
        guard bytes.byteCount >= MemoryLayout<nt_event>.size else { return nil }
        self.bytes = bytes
    }

    /// The initializer has made sure that it is there. Of all its fields only the one that is asked for is loaded.
    @inlinable @inline(__always)
    var head: nt_event { unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: 0, as: nt_event.self) }

    @inlinable @inline(__always)
    var sections: SectionOffsets { SectionOffsets(named: UInt32(head.sections), recordSize: bytes.byteCount) }

    /// True if the record ends before the sections it names.
    @inlinable public var isTruncated: Bool { sections.isTruncated }

    /// When the event happened: nanoseconds of CLOCK_MONOTONIC (`bpf_ktime_get_ns`).
    @inlinable public var timestamp: UInt64 { head.ts }

    /// Address of the `struct sk_buff`; 0 where the hook has only a socket.
    @inlinable public var skb: UInt64 { head.skb }

    /// Number of the packet that the skb belongs to, clones and segments included; nil where packets are not tracked.
    @inlinable public var context: UInt64? { head.ctx == 0 ? nil : head.ctx }

    /// Bytes from the start of the L3 header to `skb->data`: -14 at L2, 20 after an IPv4 header.
    @inlinable public var dataOffset: Int { Int(head.data_offset) }

    /// Bytes from `skb->data` to the end of the packet, paged data included (`skb->len`).
    @inlinable public var length: UInt32 { head.len }

    /// Index into the attach plan's hooks.
    @inlinable public var hook: Int { Int(head.hook) }

    @inlinable public var flags: EventFlags { EventFlags(rawValue: head.flags) }

    /// The CPU that ran the hook.
    @inlinable public var cpu: UInt16 { head.cpu }

    /// Ethertype of what the packet bytes hold at L3 (a VLAN type where a tag comes first); 0 where that is unknown.
    @inlinable public var etherType: UInt16 { head.protocol }

    /// Where the skb was dropped: the return address of the free. nil unless the event is a drop and the kernel says.
    @inlinable public var dropLocation: UInt64? {
        flags.contains(.drop) && head.location != 0 ? head.location : nil
    }

    /// Why: `enum skb_drop_reason`, or a subsystem's reason in the upper 16 bits. nil where the kernel gives none.
    @inlinable public var dropReason: UInt32? { flags.contains(.reason) ? head.reason : nil }

    /// Ethertype and TCI of the VLAN tag that the kernel keeps outside the packet (`skb->vlan_tci`).
    @inlinable public var vlanTag: (etherType: UInt16, tci: UInt16)? {
        flags.contains(.vlan) ? (head.vlan_proto, head.vlan_tci) : nil
    }
}
