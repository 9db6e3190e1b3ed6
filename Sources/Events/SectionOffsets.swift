public import CNettraceBPF

/// Where the optional sections of a record start: they follow the head in the order of nettrace_abi.h.
@usableFromInline
struct SectionOffsets {
    @usableFromInline var packet: Int?
    @usableFromInline var device: Int?
    @usableFromInline var task: Int?
    @usableFromInline var meta: Int?
    @usableFromInline var caller: Int?
    @usableFromInline var socket: Int?
    @usableFromInline var stack: Int?
    @usableFromInline var functionReturn: Int?
    @usableFromInline var isTruncated = false

    /// - Parameters:
    ///   - named: `nt_event.sections`. Unknown bits stand for sections after the known ones and are ignored.
    ///   - recordSize: bytes of the whole record.
    @inlinable
    init(named: UInt32, recordSize: Int) {
        var end = MemoryLayout<nt_event>.size
        packet = place(named & NT_SECTION_PACKET, MemoryLayout<nt_packet>.size, &end, recordSize)
        device = place(named & NT_SECTION_DEVICE, MemoryLayout<nt_device>.size, &end, recordSize)
        task = place(named & NT_SECTION_TASK, MemoryLayout<nt_task>.size, &end, recordSize)
        meta = place(named & NT_SECTION_META, MemoryLayout<nt_meta>.size, &end, recordSize)
        caller = place(named & NT_SECTION_CALLER, MemoryLayout<nt_caller>.size, &end, recordSize)
        socket = place(named & NT_SECTION_SOCK, MemoryLayout<nt_sock>.size, &end, recordSize)
        stack = place(named & NT_SECTION_STACK, MemoryLayout<nt_stack>.size, &end, recordSize)
        functionReturn = place(named & NT_SECTION_RETURN, MemoryLayout<nt_return>.size, &end, recordSize)
    }

    @inlinable
    mutating func place(_ bit: UInt32, _ size: Int, _ end: inout Int, _ recordSize: Int) -> Int? {
        guard bit != 0 else { return nil }
        let start = end
        // Advancing even when the section is cut keeps every later one out of reach too.
        end += size
        guard end <= recordSize else {
            isTruncated = true
            return nil
        }
        return start
    }
}
