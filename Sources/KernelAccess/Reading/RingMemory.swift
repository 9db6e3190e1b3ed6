import CSyscalls
import Glibc
import SystemPackage

/// The memory of a BPF ring buffer, as the kernel lays it out for mapping: a page with the consumer position, a page
/// with the producer position, and the data twice in a row, so that a record at the end continues after it
/// (kernel/bpf/ringbuf.c).
///
/// Only as much of the second copy is mapped as one record can reach into, since mapped pages count as memory of the
/// process. libbpf maps all of it.
struct RingMemory: ~Copyable {
    private let consumer: UnsafeMutableRawPointer
    private let producer: UnsafeMutableRawPointer
    private let producerSize: Int
    private let data: UnsafeRawPointer
    private let mask: UInt64
    private let page: Int
    /// Readable bytes after the end of the data.
    private let overlap: Int

    /// Flags in the length word of a record's header (include/uapi/linux/bpf.h).
    private static let busy: UInt32 = 1 << 31
    private static let discarded: UInt32 = 1 << 30
    private static let headSize = 8

    /// - Parameters:
    ///   - map: of type BPF_MAP_TYPE_RINGBUF.
    ///   - size: of the data in bytes, a power of two.
    ///   - longestRecord: upper bound of a record's length.
    init(map: FileDescriptor, size: Int, longestRecord: Int = 64 << 10) throws(KernelError) {
        page = Int(getpagesize())
        overlap = min(size, (longestRecord + page - 1) / page * page)
        producerSize = page + size + overlap
        mask = UInt64(size - 1)
        guard let consumer = mmap(nil, page, PROT_READ | PROT_WRITE, MAP_SHARED, map.rawValue, 0),
            consumer != MAP_FAILED
        else { throw KernelError("cannot map the ring buffer", result: -errno) }
        guard let producer = mmap(nil, producerSize, PROT_READ, MAP_SHARED, map.rawValue, page), producer != MAP_FAILED
        else {
            let error = errno
            munmap(consumer, page)
            throw KernelError("cannot map the ring buffer", result: -error)
        }
        self.consumer = consumer
        self.producer = producer
        data = UnsafeRawPointer(producer + page)
    }

    deinit {
        munmap(consumer, page)
        munmap(producer, producerSize)
    }

    /// Passes available records to `body` until it returns false. The kernel may overwrite a record once `body` has
    /// returned.
    func consume(_ body: (UnsafeRawBufferPointer) -> Bool) {
        let position = consumer.assumingMemoryBound(to: UInt64.self)
        var place = nt_load_acquire(position)
        var wantsMore = true
        while wantsMore {
            let end = nt_load_acquire(producer.assumingMemoryBound(to: UInt64.self))
            guard place < end else { return }
            while wantsMore, place < end {
                let head = data + Int(place & mask)
                let word = nt_load_acquire_32(head.assumingMemoryBound(to: UInt32.self))
                // This record is reserved and not yet written; records after it have to wait.
                guard word & Self.busy == 0 else { return }
                let length = Int(word & ~Self.discarded)
                place += UInt64((Self.headSize + length + 7) & ~7)
                if word & Self.discarded == 0 {
                    let record = UnsafeRawBufferPointer(start: head + Self.headSize, count: min(length, overlap))
                    wantsMore = body(record)
                }
                nt_store_release(position, place)
            }
        }
    }
}
