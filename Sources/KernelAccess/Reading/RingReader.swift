import CLibBPF
import CNettraceBPF
import CSyscalls
import SystemPackage

/// The consumer of the ring buffer. The map must outlive it.
struct RingReader: ~Copyable {
    private let memory: RingMemory
    /// Reports wake-ups by the programs. poll(2) does not fit: it looks into the ring before it waits, and so would
    /// return at once for the first of the records that are meant to accumulate.
    private let watch: FileDescriptor
    /// Number of events by hook.
    private let receivedEvents: UnsafeMutableBufferPointer<UInt64>

    /// Maximum number of records per round, so that a flood of records does not delay signals and reports of losses.
    private static let roundLimit = 8192

    /// - Parameters:
    ///   - map: libbpf's `struct bpf_map` of the ring buffer.
    ///   - hooks: number of hooks; records name them from 0 on.
    ///   - longestRecord: bytes that a record can have.
    init(map: OpaquePointer?, hooks: Int, longestRecord: Int = 64 << 10) throws(KernelError) {
        try self.init(
            FileDescriptor(rawValue: bpf_map__fd(map)), size: Int(bpf_map__max_entries(map)), hooks: hooks,
            longestRecord: longestRecord)
    }

    /// - Parameter size: of the ring's data in bytes.
    init(
        _ descriptor: FileDescriptor, size: Int, hooks: Int = 0, longestRecord: Int = 64 << 10
    ) throws(KernelError) {
        let memory = try RingMemory(map: descriptor, size: size, longestRecord: longestRecord)
        let watch = nt_watch(descriptor.rawValue)
        guard watch >= 0 else { throw KernelError("cannot watch the ring buffer", result: watch) }
        self.watch = FileDescriptor(rawValue: watch)
        self.memory = memory
        receivedEvents = .allocate(capacity: hooks)
        receivedEvents.initialize(repeating: 0)
    }

    deinit {
        try? watch.close()
        receivedEvents.deallocate()
    }

    /// Waits for records, a signal or the timeout, then passes each record to `receive`. The bytes belong to the ring
    /// and are invalid once `receive` has returned.
    func poll(milliseconds: Int32, _ receive: (UnsafeRawBufferPointer) -> Void) throws(KernelError) {
        let result = nt_wait_for_event(watch.rawValue, milliseconds)
        guard result != -Errno.interrupted.rawValue else { return }
        guard result >= 0 else { throw KernelError("cannot wait for the ring buffer", result: result) }
        // The programs wake us only when many records are waiting, so the ring is read after a timeout, too.
        consume(receive, limit: Self.roundLimit)
    }

    /// Passes on all records without waiting. For the end, when no further records arrive.
    func drain(_ receive: (UnsafeRawBufferPointer) -> Void) {
        consume(receive, limit: .max)
    }

    /// Number of events of this hook that came out of the ring so far.
    func received(from hook: Int) -> UInt64 { receivedEvents[hook] }

    private func consume(_ receive: (UnsafeRawBufferPointer) -> Void, limit: Int) {
        var left = limit
        memory.consume { record in
            count(record)
            left -= 1
            receive(record)
            return left > 0
        }
    }

    /// Counts the record's event. Silent and hidden records are not events.
    private func count(_ record: UnsafeRawBufferPointer) {
        guard record.count >= MemoryLayout<nt_event>.size else { return }
        let event = record.loadUnaligned(as: nt_event.self)
        let hook = Int(event.hook)
        guard UInt32(event.flags) & UInt32(NT_EVENT_SILENT | NT_EVENT_HIDDEN) == 0, hook < receivedEvents.count
        else { return }
        // Not `+=`: with ThreadSanitizer, Swift 6.3 generates invalid code for it here.
        receivedEvents[hook] = receivedEvents[hook] + 1
    }
}
