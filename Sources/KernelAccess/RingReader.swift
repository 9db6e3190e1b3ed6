import CLibBPF
import CNettraceBPF
import SystemPackage

/// The user side of the ring buffer. Owns libbpf's `struct ring_buffer`; the map must outlive it.
struct RingReader: ~Copyable {
    private let ring: OpaquePointer
    private let receiver: Receiver

    /// What the C callback finds behind its context pointer.
    private final class Receiver {
        var receive: ((UnsafeRawBufferPointer) -> Bool)?
        /// Records that this round may still take.
        var left = 0
        /// Events by hook.
        var received: [UInt64]

        init(hooks: Int) { received = [UInt64](repeating: 0, count: hooks) }

        /// Silent records are no events.
        func count(_ record: UnsafeRawBufferPointer) {
            guard record.count >= MemoryLayout<nt_event>.size else { return }
            let event = record.loadUnaligned(as: nt_event.self)
            guard UInt32(event.flags) & UInt32(NT_EVENT_SILENT) == 0, Int(event.hook) < received.count else { return }
            received[Int(event.hook)] += 1
        }
    }

    /// A round ends after so many records even while more are coming, lest signals and losses wait for the end of a flood.
    private static let roundLimit = 8192

    /// ring_buffer__new(3).
    ///
    /// - Parameter hooks: how many hooks records may name.
    init(map: OpaquePointer, hooks: Int) throws(KernelError) {
        receiver = Receiver(hooks: hooks)
        let context = Unmanaged.passUnretained(receiver).toOpaque()
        guard let ring = ring_buffer__new(bpf_map__fd(map), receiveRecord, context, nil) else {
            throw KernelError("cannot map the ring buffer", result: libbpf_get_error_code())
        }
        self.ring = ring
    }

    deinit { ring_buffer__free(ring) }

    /// Waits until there are records, a signal comes or the time is up, then hands each record to `receive`,
    /// which says whether to go on. The bytes are the ring's own: they are gone when `receive` returns.
    func poll(milliseconds: Int32, _ receive: (UnsafeRawBufferPointer) -> Bool) throws(KernelError) {
        // The kernel side wakes us only when much has come: what little there is after the wait is fetched unasked.
        try consume(receive, limit: Self.roundLimit) {
            let result = ring_buffer__poll(ring, milliseconds)
            return result == 0 ? ring_buffer__consume(ring) : result
        }
    }

    /// The same for all that is there, without waiting: for when nothing more comes.
    func drain(_ receive: (UnsafeRawBufferPointer) -> Bool) throws(KernelError) {
        try consume(receive, limit: .max) { ring_buffer__consume(ring) }
    }

    /// Events that came out of the ring so far.
    func received(from hook: Int) -> UInt64 { receiver.received[hook] }

    private func consume(
        _ receive: (UnsafeRawBufferPointer) -> Bool, limit: Int, _ run: () -> Int32
    ) throws(KernelError) {
        let result = withoutActuallyEscaping(receive) { receive in
            receiver.receive = receive
            receiver.left = limit
            defer { receiver.receive = nil }
            return run()
        }
        let interrupted = -Errno.interrupted.rawValue
        guard result >= 0 || result == interrupted || result == stopped else {
            throw KernelError("cannot read the ring buffer", result: result)
        }
    }

    fileprivate static func deliver(_ context: UnsafeMutableRawPointer, _ record: UnsafeRawBufferPointer) -> Bool {
        let receiver = Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue()
        receiver.count(record)
        receiver.left -= 1
        return receiver.receive?(record) ?? false && receiver.left > 0
    }
}

/// What the callback returns to end a round early; libbpf passes it on.
private let stopped = -Errno.canceled.rawValue

/// A global function: as a closure it would cost seven times as much per record.
private func receiveRecord(
    context: UnsafeMutableRawPointer?, data: UnsafeMutableRawPointer?, size: Int
) -> Int32 {
    guard let context else { return stopped }
    return RingReader.deliver(context, UnsafeRawBufferPointer(start: data, count: size)) ? 0 : stopped
}
