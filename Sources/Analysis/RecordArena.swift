import Glibc

/// The bytes of all kept records, in chunks of fixed size that contexts acquire and release.
///
/// The address space for the capacity is reserved at once; memory is requested as needed. If the system has less memory, the
/// arena stays smaller. All raw pointers of this module are in this file.
struct RecordArena: ~Copyable {
    /// The records of one context: a chain of chunks.
    struct Run: BitwiseCopyable {
        fileprivate var first: Int32 = none
        fileprivate var last: Int32 = none
        /// Offset of the next record in the last chunk.
        fileprivate var fill: Int32 = 0
        /// Whether one of the chunks is the first of several that hold one long record.
        fileprivate var hasSpans = false
    }

    /// Holds eight records with every section but the stack; on average each context wastes half a chunk.
    static let chunkSize = 2048
    /// Start of a chunk: the number of the next chunk and, in all but the last, the end of this chunk's records.
    private static let linkSize = 8
    private static let fillOffset = 4
    private static let headSize = MemoryLayout<StoredEvent>.stride
    /// A longer record, such as one with the bytes of its packet, gets chunks in a row; it is cut if there are none.
    static let maximumRecordSize = chunkSize - linkSize - headSize

    private let base: UnsafeMutableRawPointer
    private let reserved: Int
    /// Number of writable bytes.
    private var usable = 0
    private let chunkCount: Int
    /// Chunks from here on have never been used.
    private var unused = 0
    private var firstFree = none
    private var freeSpans = FreeSpans()

    /// - Parameter capacity: bytes, rounded up to whole chunks and limited by the available address space.
    init(capacity: Int) {
        let capacity = max(1, min(capacity, Int(Int32.max) * Self.chunkSize))
        var wanted = capacity.roundedUp(to: Self.growth)
        var memory = mmap(nil, wanted, PROT_NONE, Self.mapping, -1, 0)
        while memory == nil || memory == MAP_FAILED, wanted > Self.growth {
            wanted = (wanted / 2).roundedUp(to: Self.growth)
            memory = mmap(nil, wanted, PROT_NONE, Self.mapping, -1, 0)
        }
        guard let memory, memory != MAP_FAILED else {
            // Never accessed, since there are no chunks.
            base = UnsafeMutableRawPointer(bitPattern: Self.chunkSize)!
            reserved = 0
            chunkCount = 0
            return
        }
        base = memory
        reserved = wanted
        chunkCount = min(wanted, capacity.roundedUp(to: Self.chunkSize)) / Self.chunkSize
    }

    deinit {
        if reserved > 0 { munmap(base, reserved) }
    }

    private static let mapping = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
    /// Memory is requested in pieces of this many bytes.
    private static let growth = 1 << 20

    /// Number of bytes that have ever been used.
    var touchedBytes: Int { unused * Self.chunkSize }

    /// Copies a record after the others of its context, and sets `event.offset` and `event.size`. Returns false if there is no
    /// memory left.
    mutating func append(_ record: RawSpan, _ event: StoredEvent, to run: inout Run) -> Bool {
        var size = record.byteCount
        var needed = Self.headSize + (size + 7) & ~7
        if run.last == none || Int(run.fill) + needed > Self.chunkSize {
            let span = size > Self.maximumRecordSize ? takeSpan(of: Self.linkSize + needed) : nil
            if span == nil {
                size = min(size, Self.maximumRecordSize)
                needed = Self.headSize + (size + 7) & ~7
            }
            guard let chunk = span ?? takeChunk() else { return false }
            if span != nil { run.hasSpans = true }
            if run.last == none {
                run.first = chunk
            } else {
                let full = address(of: run.last)
                full.storeBytes(of: chunk, as: Int32.self)
                full.storeBytes(of: run.fill, toByteOffset: Self.fillOffset, as: Int32.self)
            }
            run.last = chunk
            run.fill = Int32(Self.linkSize)
        }
        let start = Int(run.last) * Self.chunkSize + Int(run.fill)
        var stored = event
        stored.offset = start + Self.headSize
        stored.size = UInt32(size)
        (base + start).storeBytes(of: stored, as: StoredEvent.self)
        record.withUnsafeBytes { bytes in
            guard let source = bytes.baseAddress else { return }
            (base + stored.offset).copyMemory(from: source, byteCount: size)
        }
        run.fill += Int32(needed)
        return true
    }

    /// Calls `body` with each event of a context, in the order of arrival.
    func forEach(in run: Run, _ body: (StoredEvent) -> Void) {
        var chunk = run.first
        while chunk != none {
            let link = address(of: chunk)
            let fill = chunk == run.last ? run.fill : link.load(fromByteOffset: Self.fillOffset, as: Int32.self)
            var place = Self.linkSize
            while place < Int(fill) {
                let event = link.load(fromByteOffset: place, as: StoredEvent.self)
                body(event)
                place += Self.headSize + (Int(event.size) + 7) & ~7
            }
            chunk = chunk == run.last ? none : link.load(as: Int32.self)
        }
    }

    /// Releases all chunks of a context.
    mutating func release(_ run: inout Run) {
        guard run.last != none else { return }
        defer { run = Run() }
        guard !run.hasSpans else { return releaseOneByOne(run) }
        address(of: run.last).storeBytes(of: firstFree, as: Int32.self)
        firstFree = run.first
    }

    private mutating func releaseOneByOne(_ run: Run) {
        var chunk = run.first
        while chunk != none {
            let link = address(of: chunk)
            let isLast = chunk == run.last
            let fill = isLast ? run.fill : link.load(fromByteOffset: Self.fillOffset, as: Int32.self)
            let next = isLast ? none : link.load(as: Int32.self)
            if Int(fill) > Self.chunkSize {
                let size = FreeSpans.sizeClass(of: Int(fill), Self.chunkSize)
                link.storeBytes(of: freeSpans[size], as: Int32.self)
                freeSpans[size] = chunk
            } else {
                link.storeBytes(of: firstFree, as: Int32.self)
                firstFree = chunk
            }
            chunk = next
        }
    }

    /// All records, to be read at the offsets of their events.
    var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let span = RawSpan(_unsafeStart: base, byteCount: touchedBytes)
            return _overrideLifetime(span, borrowing: self)
        }
    }

    private mutating func takeChunk() -> Int32? {
        if firstFree != none {
            let chunk = firstFree
            firstFree = address(of: chunk).load(as: Int32.self)
            return chunk
        }
        guard unused < chunkCount, (unused + 1) * Self.chunkSize <= usable || grow() else { return nil }
        unused += 1
        return Int32(unused - 1)
    }

    /// The first of several chunks in a row with room for `bytes`; nil if there are no such chunks.
    private mutating func takeSpan(of bytes: Int) -> Int32? {
        let size = FreeSpans.sizeClass(of: bytes, Self.chunkSize)
        guard size < FreeSpans.classes else { return nil }
        let free = freeSpans[size]
        if free != none {
            freeSpans[size] = address(of: free).load(as: Int32.self)
            return free
        }
        let chunks = 1 << size
        guard unused + chunks <= chunkCount else { return nil }
        while (unused + chunks) * Self.chunkSize > usable { guard grow() else { return nil } }
        unused += chunks
        return Int32(unused - chunks)
    }

    /// Adds one piece of memory; returns false if the system has none left.
    private mutating func grow() -> Bool {
        guard usable < reserved, mprotect(base + usable, Self.growth, PROT_READ | PROT_WRITE) == 0 else { return false }
        usable += Self.growth
        return true
    }

    private func address(of chunk: Int32) -> UnsafeMutableRawPointer {
        base + Int(chunk) * Self.chunkSize
    }
}

private let none: Int32 = -1

/// Lists of free spans by size: class N has 2^N chunks.
private struct FreeSpans {
    static let classes = 10
    private var first = [Int32](repeating: none, count: classes)

    static func sizeClass(of bytes: Int, _ chunk: Int) -> Int {
        let chunks = (bytes + chunk - 1) / chunk
        return Int.bitWidth - (chunks - 1).leadingZeroBitCount
    }

    subscript(size: Int) -> Int32 {
        get { first[size] }
        set { first[size] = newValue }
    }
}

extension Int {
    fileprivate func roundedUp(to unit: Int) -> Int { (self + unit - 1) / unit * unit }
}
