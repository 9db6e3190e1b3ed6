import CLibBPF
import SystemPackage

/// The user side of the ring buffer. Owns libbpf's `struct ring_buffer`; the map must outlive it.
struct RingReader: ~Copyable {
    private let ring: OpaquePointer
    private let receiver: Receiver

    /// What the C callback finds behind its context pointer.
    private final class Receiver {
        var receive: ((UnsafeRawBufferPointer) -> Bool)?
    }

    /// ring_buffer__new(3).
    init(map: OpaquePointer) throws(KernelError) {
        receiver = Receiver()
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
        try consume(receive) {
            let result = ring_buffer__poll(ring, milliseconds)
            return result == 0 ? ring_buffer__consume(ring) : result
        }
    }

    /// The same for what is there now, without waiting.
    func drain(_ receive: (UnsafeRawBufferPointer) -> Bool) throws(KernelError) {
        try consume(receive) { ring_buffer__consume(ring) }
    }

    private func consume(
        _ receive: (UnsafeRawBufferPointer) -> Bool, _ run: () -> Int32
    ) throws(KernelError) {
        let result = withoutActuallyEscaping(receive) { receive in
            receiver.receive = receive
            defer { receiver.receive = nil }
            return run()
        }
        let interrupted = -Errno.interrupted.rawValue
        guard result >= 0 || result == interrupted || result == stopped else {
            throw KernelError("cannot read the ring buffer", result: result)
        }
    }

    fileprivate static func deliver(_ context: UnsafeMutableRawPointer, _ record: UnsafeRawBufferPointer) -> Bool {
        Unmanaged<Receiver>.fromOpaque(context).takeUnretainedValue().receive?(record) ?? false
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
