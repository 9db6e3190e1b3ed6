public import CNettraceBPF

/// Where the optional sections of a record start: they follow the head in the order that docs/RECORDING.md promises.
///
/// Each place is worked out when it is asked for: most sections are not there, which one bit tells, and few are read of
/// one record.
@usableFromInline
struct SectionOffsets: BitwiseCopyable {
    /// `nt_event.sections`. Unknown bits stand for sections after the known ones; who reads recordings refuses them first.
    @usableFromInline let named: UInt32
    /// Bytes of the whole record.
    @usableFromInline let recordSize: Int

    @inlinable @inline(__always)
    init(named: UInt32, recordSize: Int) {
        self.named = named
        self.recordSize = recordSize
    }

    @inlinable var isTruncated: Bool { payloadEnd > recordSize }

    /// Bits of sections that this program does not know.
    @inlinable var unknown: UInt32 { named & ~Self.known }

    /// Every bit up to the one of the newest section.
    @inlinable static var known: UInt32 { NT_SECTION_PAYLOAD << 1 - 1 }

    // nil where the section is not there. One that is cut keeps every later one out of reach, too.
    @inlinable var packet: Int? { start(NT_SECTION_PACKET, end: packetEnd, Self.packetSize) }
    /// How many bytes of the packet follow those of `packet`.
    @inlinable var moreOfPacket: Int { start(NT_SECTION_MORE, end: moreEnd, Self.moreSize) == nil ? 0 : Self.moreSize }
    @inlinable var device: Int? { start(NT_SECTION_DEVICE, end: deviceEnd, Self.deviceSize) }
    @inlinable var task: Int? { start(NT_SECTION_TASK, end: taskEnd, Self.taskSize) }
    @inlinable var meta: Int? { start(NT_SECTION_META, end: metaEnd, Self.metaSize) }
    @inlinable var caller: Int? { start(NT_SECTION_CALLER, end: callerEnd, Self.callerSize) }
    @inlinable var socket: Int? { start(NT_SECTION_SOCK, end: socketEnd, Self.socketSize) }
    @inlinable var conntrack: Int? { start(NT_SECTION_CT, end: conntrackEnd, Self.conntrackSize) }
    @inlinable var socketEvent: Int? { start(NT_SECTION_SOCK_EVENT, end: socketEventEnd, Self.socketEventSize) }
    @inlinable var stack: Int? { start(NT_SECTION_STACK, end: stackEnd, Self.stackSize) }
    @inlinable var functionReturn: Int? { start(NT_SECTION_RETURN, end: returnEnd, Self.returnSize) }
    @inlinable var run: Int? { start(NT_SECTION_RUN, end: runEnd, Self.runSize) }
    @inlinable var frame: Int? { start(NT_SECTION_FRAME, end: frameEnd, Self.frameSize) }
    /// The fixed part; the bytes of the packet follow it.
    @inlinable var payload: Int? { start(NT_SECTION_PAYLOAD, end: payloadEnd, Self.payloadSize) }

    /// Lazily, since the end of a section that is not there need not be known.
    @inlinable @inline(__always)
    func start(_ bit: UInt32, end: @autoclosure () -> Int, _ size: Int) -> Int? {
        guard named & bit != 0 else { return nil }
        let end = end()
        return end <= recordSize ? end - size : nil
    }
}

extension SectionOffsets {
    @inlinable static var packetSize: Int { MemoryLayout<nt_packet>.size }
    @inlinable static var moreSize: Int { MemoryLayout<nt_packet_more>.size }
    @inlinable static var deviceSize: Int { MemoryLayout<nt_device>.size }
    @inlinable static var taskSize: Int { MemoryLayout<nt_task>.size }
    @inlinable static var metaSize: Int { MemoryLayout<nt_meta>.size }
    @inlinable static var callerSize: Int { MemoryLayout<nt_caller>.size }
    @inlinable static var socketSize: Int { MemoryLayout<nt_sock>.size }
    @inlinable static var conntrackSize: Int { MemoryLayout<nt_ct>.size }
    @inlinable static var socketEventSize: Int { MemoryLayout<nt_sock_event>.size }
    @inlinable static var stackSize: Int { MemoryLayout<nt_stack>.size }
    @inlinable static var returnSize: Int { MemoryLayout<nt_return>.size }
    @inlinable static var runSize: Int { MemoryLayout<nt_run>.size }
    @inlinable static var frameSize: Int { MemoryLayout<nt_frame>.size }
    @inlinable static var payloadSize: Int { MemoryLayout<nt_payload>.size }

    // Where the next section would start; the order is that of the record.
    @inlinable var packetEnd: Int { MemoryLayout<nt_event>.size + width(NT_SECTION_PACKET, Self.packetSize) }
    @inlinable var moreEnd: Int { packetEnd + width(NT_SECTION_MORE, Self.moreSize) }
    @inlinable var deviceEnd: Int { moreEnd + width(NT_SECTION_DEVICE, Self.deviceSize) }
    @inlinable var taskEnd: Int { deviceEnd + width(NT_SECTION_TASK, Self.taskSize) }
    @inlinable var metaEnd: Int { taskEnd + width(NT_SECTION_META, Self.metaSize) }
    @inlinable var callerEnd: Int { metaEnd + width(NT_SECTION_CALLER, Self.callerSize) }
    @inlinable var socketEnd: Int { callerEnd + width(NT_SECTION_SOCK, Self.socketSize) }
    @inlinable var conntrackEnd: Int { socketEnd + width(NT_SECTION_CT, Self.conntrackSize) }
    @inlinable var socketEventEnd: Int { conntrackEnd + width(NT_SECTION_SOCK_EVENT, Self.socketEventSize) }
    @inlinable var stackEnd: Int { socketEventEnd + width(NT_SECTION_STACK, Self.stackSize) }
    @inlinable var returnEnd: Int { stackEnd + width(NT_SECTION_RETURN, Self.returnSize) }
    @inlinable var runEnd: Int { returnEnd + width(NT_SECTION_RUN, Self.runSize) }
    @inlinable var frameEnd: Int { runEnd + width(NT_SECTION_FRAME, Self.frameSize) }
    @inlinable var payloadEnd: Int { frameEnd + width(NT_SECTION_PAYLOAD, Self.payloadSize) }

    @inlinable @inline(__always)
    func width(_ bit: UInt32, _ size: Int) -> Int { named & bit != 0 ? size : 0 }
}
