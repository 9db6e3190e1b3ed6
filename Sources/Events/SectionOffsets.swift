public import CNettraceBPF

/// Where the optional sections of a record start: they follow the head in the order of nettrace_abi.h.
///
/// Part of every view of an event, and copied with it: so small numbers, and no optionals.
@usableFromInline
struct SectionOffsets: BitwiseCopyable {
    /// A section that is not there. No section can start at 0, where the head is.
    @usableFromInline static var absent: UInt16 { 0 }

    @usableFromInline var packetStart: UInt16
    @usableFromInline var deviceStart: UInt16
    @usableFromInline var taskStart: UInt16
    @usableFromInline var metaStart: UInt16
    @usableFromInline var callerStart: UInt16
    @usableFromInline var socketStart: UInt16
    @usableFromInline var socketEventStart: UInt16
    @usableFromInline var stackStart: UInt16
    @usableFromInline var returnStart: UInt16
    @usableFromInline var isTruncated: Bool

    /// - Parameters:
    ///   - named: `nt_event.sections`. Unknown bits stand for sections after the known ones and are ignored.
    ///   - recordSize: bytes of the whole record.
    @inlinable
    init(named: UInt32, recordSize: Int) {
        var layout = Layout(named: named, recordSize: recordSize)
        packetStart = layout.place(NT_SECTION_PACKET, MemoryLayout<nt_packet>.size)
        deviceStart = layout.place(NT_SECTION_DEVICE, MemoryLayout<nt_device>.size)
        taskStart = layout.place(NT_SECTION_TASK, MemoryLayout<nt_task>.size)
        metaStart = layout.place(NT_SECTION_META, MemoryLayout<nt_meta>.size)
        callerStart = layout.place(NT_SECTION_CALLER, MemoryLayout<nt_caller>.size)
        socketStart = layout.place(NT_SECTION_SOCK, MemoryLayout<nt_sock>.size)
        socketEventStart = layout.place(NT_SECTION_SOCK_EVENT, MemoryLayout<nt_sock_event>.size)
        stackStart = layout.place(NT_SECTION_STACK, MemoryLayout<nt_stack>.size)
        returnStart = layout.place(NT_SECTION_RETURN, MemoryLayout<nt_return>.size)
        isTruncated = layout.isTruncated
    }

    @inlinable var packet: Int? { Self.offset(packetStart) }
    @inlinable var device: Int? { Self.offset(deviceStart) }
    @inlinable var task: Int? { Self.offset(taskStart) }
    @inlinable var meta: Int? { Self.offset(metaStart) }
    @inlinable var caller: Int? { Self.offset(callerStart) }
    @inlinable var socket: Int? { Self.offset(socketStart) }
    @inlinable var socketEvent: Int? { Self.offset(socketEventStart) }
    @inlinable var stack: Int? { Self.offset(stackStart) }
    @inlinable var functionReturn: Int? { Self.offset(returnStart) }

    @inlinable
    static func offset(_ start: UInt16) -> Int? { start == absent ? nil : Int(start) }

    /// Lays the sections out one behind the other.
    @usableFromInline
    struct Layout {
        @usableFromInline let named: UInt32
        @usableFromInline let recordSize: Int
        @usableFromInline var end = MemoryLayout<nt_event>.size
        @usableFromInline var isTruncated = false

        @inlinable
        init(named: UInt32, recordSize: Int) {
            self.named = named
            self.recordSize = recordSize
        }

        @inlinable
        mutating func place(_ bit: UInt32, _ size: Int) -> UInt16 {
            guard named & bit != 0 else { return absent }
            let start = end
            // Advancing even when the section is cut keeps every later one out of reach too.
            end += size
            guard end <= recordSize else {
                isTruncated = true
                return absent
            }
            return UInt16(truncatingIfNeeded: start)
        }
    }
}
