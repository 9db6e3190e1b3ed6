public import CNettraceBPF

/// The packet bytes of a record (`struct nt_packet`).
public struct PacketSection: ~Escapable {
    /// An Ethernet header, or zeros where `EventFlags.link` is not set, and then the captured bytes from L3 on, VLAN
    /// tags inside the packet included.
    public let bytes: RawSpan

    /// Where L3 starts in `bytes`.
    @inlinable public static var networkOffset: Int { Int(NT_L2_LEN) }

    @inlinable
    @_lifetime(copy bytes)
    init(bytes: RawSpan) {
        self.bytes = bytes
    }
}

/// The device and namespace of the skb (`struct nt_device`).
public struct DeviceSection: ~Escapable {
    /// Inode of the network namespace, as in /proc/PID/ns/net.
    public let netns: UInt32
    /// 0: no device yet.
    public let ifindex: UInt32
    /// Interface name up to the first NUL: 0 to 16 bytes of any value.
    public let name: RawSpan

    @inlinable
    @_lifetime(copy name)
    init(netns: UInt32, ifindex: UInt32, name: RawSpan) {
        self.netns = netns
        self.ifindex = ifindex
        self.name = name
    }
}

/// The task that was running (`struct nt_task`): the owner of the packet only if the event is not from an interrupt.
public struct TaskSection: ~Escapable {
    /// The process (tgid).
    public let pid: UInt32
    public let tid: UInt32
    /// Command name up to the first NUL: 0 to 16 bytes of any value.
    public let command: RawSpan

    @inlinable
    @_lifetime(copy command)
    init(pid: UInt32, tid: UInt32, command: RawSpan) {
        self.pid = pid
        self.tid = tid
        self.command = command
    }
}

/// A call stack (`struct nt_stack`): return addresses, innermost first.
public struct StackSection: ~Escapable {
    public let count: Int
    @usableFromInline let frames: RawSpan

    @inlinable
    @_lifetime(copy frames)
    init(count: Int, frames: RawSpan) {
        self.count = count
        self.frames = frames
    }

    /// - Parameter index: 0 up to `count`; beyond, 0.
    @inlinable
    public func frame(_ index: Int) -> UInt64 { frames.load(UInt64.self, at: index * 8) ?? 0 }
}

/// The return of a function (`struct nt_return`).
public struct ReturnSection: Sendable, Equatable {
    /// The whole return register; a type narrower than that leaves the upper bits undefined.
    public let value: UInt64
    /// When the call began: with hook and skb, that is the `EventView.timestamp` of its entry.
    public let entered: UInt64

    @inlinable
    init(_ section: nt_return) {
        value = section.value
        entered = section.entered
    }
}

/// Fields of the skb itself (`struct nt_meta`).
public struct MetaSection: Sendable, Equatable {
    public let mark: UInt32
    public let hash: UInt32
    public let priority: UInt32
    /// ifindex of the device that received the packet; 0: sent by this machine.
    public let receivingIfindex: UInt32
    /// Bytes outside the linear buffer.
    public let pagedLength: UInt32
    public let queue: UInt16
    /// Payload bytes per segment of a GSO packet; 0: not a GSO packet.
    public let gsoSize: UInt16

    @inlinable
    init(_ meta: nt_meta) {
        mark = meta.mark
        hash = meta.hash
        priority = meta.priority
        receivingIfindex = meta.skb_iif
        pagedLength = meta.data_len
        queue = meta.queue
        gsoSize = meta.gso_size
    }
}

extension EventView {
    /// The packet bytes; nil if the record has none. A `caplen` beyond NT_L3_SNAPLEN is cut to what the sections hold.
    @inlinable
    public var packet: PacketSection? {
        @_lifetime(copy self)
        get {
            guard let offset = sections.packet, let caplen = bytes.load(UInt16.self, at: offset) else { return nil }
            let start = offset + MemoryLayout<nt_packet>.size - Int(NT_SNAPLEN)
            let length = PacketSection.networkOffset + min(Int(caplen), Int(NT_L3_SNAPLEN) + sections.moreOfPacket)
            return PacketSection(bytes: bytes.extracting(start..<start + length))
        }
    }

    /// The device; nil if the record has none.
    @inlinable
    public var device: DeviceSection? {
        @_lifetime(copy self)
        get {
            guard let offset = sections.device,
                let netns = bytes.load(UInt32.self, at: offset),
                let ifindex = bytes.load(UInt32.self, at: offset + 4)
            else { return nil }
            return DeviceSection(
                netns: netns, ifindex: ifindex, name: bytes.text(at: offset + 8, size: Int(NT_IFNAME_LEN)))
        }
    }

    /// The running task; nil if the record has none.
    @inlinable
    public var task: TaskSection? {
        @_lifetime(copy self)
        get {
            guard let offset = sections.task,
                let pid = bytes.load(UInt32.self, at: offset),
                let tid = bytes.load(UInt32.self, at: offset + 4)
            else { return nil }
            return TaskSection(
                pid: pid, tid: tid, command: bytes.text(at: offset + 8, size: Int(NT_COMM_LEN)))
        }
    }

    /// The fields of the skb; nil if the record has none.
    @inlinable
    public var meta: MetaSection? {
        guard let offset = sections.meta, let meta = bytes.load(nt_meta.self, at: offset) else { return nil }
        return MetaSection(meta)
    }

    /// Where the traced function returns to; nil if the record has no caller, or it is not known.
    @inlinable
    public var caller: UInt64? {
        guard let offset = sections.caller, let address = bytes.load(UInt64.self, at: offset), address != 0 else {
            return nil
        }
        return address
    }

    /// The call stack; nil if the record has none. A count beyond NT_STACK_DEPTH is cut to what the section holds.
    @inlinable
    public var stack: StackSection? {
        @_lifetime(copy self)
        get {
            guard let offset = sections.stack, let count = bytes.load(UInt32.self, at: offset) else { return nil }
            let frames = min(Int(count), Int(NT_STACK_DEPTH))
            let start = offset + MemoryLayout<nt_stack>.size - Int(NT_STACK_DEPTH) * 8
            return StackSection(count: frames, frames: bytes.extracting(start..<start + frames * 8))
        }
    }

    /// Of which call this is the return, and with what value; nil if the record is no return.
    @inlinable
    public var functionReturn: ReturnSection? {
        guard let offset = sections.functionReturn, let section = bytes.load(nt_return.self, at: offset) else {
            return nil
        }
        return ReturnSection(section)
    }

    /// Nanoseconds from the entry of the function to this return of it; 0 if the record is no return, or lies.
    @inlinable
    public var callDuration: UInt64 {
        guard let call = functionReturn, call.entered <= timestamp else { return 0 }
        return timestamp - call.entered
    }
}
