import CLibBPF
import CNettraceBPF
import CSyscalls
import SystemPackage

/// The user side of the ring buffer. The map must outlive it.
struct RingReader: ~Copyable {
    private let memory: RingMemory
    /// Hears of the wake-ups of the kernel side. Not poll(2), which looks into the ring before it waits: it would return at
    /// once for the first record of those that are to gather.
    private let watch: FileDescriptor
    /// Events by hook.
    private let receivedEvents: UnsafeMutableBufferPointer<UInt64>

    /// A round ends after so many records even while more are coming, lest signals and losses wait for the end of a flood.
    private static let roundLimit = 8192

    /// - Parameters:
    ///   - map: libbpf's `struct bpf_map` of the ring buffer.
    ///   - hooks: how many hooks records may name.
    init(map: OpaquePointer, hooks: Int) throws(KernelError) {
        let descriptor = FileDescriptor(rawValue: bpf_map__fd(map))
        let memory = try RingMemory(map: descriptor, size: Int(bpf_map__max_entries(map)))
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

    /// Waits until there are records, a signal comes or the time is up, then hands each record to `receive`,
    /// which says whether to go on. The bytes are the ring's own: they are gone when `receive` returns.
    func poll(milliseconds: Int32, _ receive: (UnsafeRawBufferPointer) -> Bool) throws(KernelError) {
        let result = nt_wait_for_event(watch.rawValue, milliseconds)
        guard result != -Errno.interrupted.rawValue else { return }
        guard result >= 0 else { throw KernelError("cannot wait for the ring buffer", result: result) }
        // The kernel side wakes us only when much has come: what little there is after the wait is fetched unasked.
        consume(receive, limit: Self.roundLimit)
    }

    /// The same for all that is there, without waiting: for when nothing more comes.
    func drain(_ receive: (UnsafeRawBufferPointer) -> Bool) {
        consume(receive, limit: .max)
    }

    /// Events that came out of the ring so far.
    func received(from hook: Int) -> UInt64 { receivedEvents[hook] }

    private func consume(_ receive: (UnsafeRawBufferPointer) -> Bool, limit: Int) {
        var left = limit
        memory.consume { record in
            count(record)
            left -= 1
            return receive(record) && left > 0
        }
    }

    /// Silent and hidden records are no events.
    private func count(_ record: UnsafeRawBufferPointer) {
        guard record.count >= MemoryLayout<nt_event>.size else { return }
        let event = record.loadUnaligned(as: nt_event.self)
        let hook = Int(event.hook)
        guard UInt32(event.flags) & UInt32(NT_EVENT_SILENT | NT_EVENT_HIDDEN) == 0, hook < receivedEvents.count
        else { return }
        // Instrumented for ThreadSanitizer, Swift 6.3 makes invalid code of `+=` here.
        receivedEvents[hook] = receivedEvents[hook] + 1
    }
}
