import SystemPackage

/// Reads a file in large pieces, and presents as many consecutive bytes as a record needs in one place.
struct CaptureInput {
    private let read: CaptureReader.Source
    private var storage: [UInt8]
    /// The bytes in `storage` that were not consumed.
    private var ready = 0..<0
    private var isAtEnd = false
    /// Number of bytes of the file that were consumed.
    private(set) var offset: UInt64 = 0

    /// Room for a piece; a larger record enlarges the storage, up to `maximum`.
    private static let size = 256 << 10
    /// The most bytes that a caller may ask for.
    static let maximum = 1 << 20

    init(_ read: @escaping CaptureReader.Source) {
        self.read = read
        storage = [UInt8](repeating: 0, count: Self.size)
    }

    /// Waits until `count` bytes, at most `maximum`, are ready, and returns how many are: fewer only at the end.
    @inline(__always)
    mutating func require(_ count: Int) throws(CaptureFault) -> Int {
        if ready.count < count, !isAtEnd { try refill(count) }
        return ready.count
    }

    /// All storage, for places of packets. It is valid until the next call of `require`.
    var buffer: RawSpan {
        @_lifetime(borrow self)
        get { storage.span.bytes }
    }

    /// The bytes that are ready.
    var bytes: RawSpan {
        @_lifetime(borrow self)
        get { storage.span.bytes.extracting(ready) }
    }

    /// Consumes bytes that are ready and returns their place in `buffer`.
    @inline(__always)
    @discardableResult
    mutating func consume(_ count: Int) -> Range<Int> {
        let start = ready.lowerBound
        ready = start + count..<ready.upperBound
        offset += UInt64(count)
        return start..<start + count
    }

    /// Consumes any number of bytes without keeping them. Returns false if the file ends before.
    mutating func skip(_ count: UInt64) throws(CaptureFault) -> Bool {
        var rest = count
        while rest > 0 {
            let portion = min(rest, UInt64(try require(1)))
            guard portion > 0 else { return false }
            consume(Int(portion))
            rest -= portion
        }
        return true
    }

    @inline(never)
    private mutating func refill(_ count: Int) throws(CaptureFault) {
        let kept = ready.count
        if storage.count < count {
            storage = storage[ready] + [UInt8](repeating: 0, count: Self.maximum - kept)
        } else if ready.lowerBound > 0 {
            let moved = ready
            storage.withUnsafeMutableBytes {
                $0.copyMemory(from: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer($0)[moved]))
            }
        }
        ready = 0..<kept
        while ready.count < count {
            let filled = try fill(from: ready.upperBound)
            guard filled > 0 else {
                isAtEnd = true
                return
            }
            ready = 0..<ready.upperBound + filled
        }
    }

    private mutating func fill(from start: Int) throws(CaptureFault) -> Int {
        let room = storage.count - start
        let result = storage.withUnsafeMutableBytes { bytes in
            Result { () throws(Errno) in try read(UnsafeMutableRawBufferPointer(rebasing: bytes[start...])) }
        }
        switch result {
        case .failure(let errno): throw CaptureFault(.cannotRead(errno), at: offset + UInt64(ready.count))
        case .success(let count): return min(max(0, count), room)
        }
    }
}
