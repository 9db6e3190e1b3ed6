/// Iterates over the payload of a records block: runs of records of one size, each `size u32 | count u32 | records`,
/// with every record padded to a multiple of 8.
struct RecordRuns {
    private var at = 0
    private var recordSize = 0
    private var left: UInt32 = 0

    /// The reason that the payload is not a valid sequence of records; nil if it is valid.
    static func fault(_ payload: RawSpan) -> String? {
        var at = 0
        while at < payload.byteCount {
            guard payload.byteCount - at >= 8 else { return "a run of records without a head" }
            let size = payload.littleEndian(UInt32.self, at: at)
            let count = payload.littleEndian(UInt32.self, at: at + 4)
            at += 8
            guard size > 0, size <= BlockFormat.maximumPayload else { return "records of \(size) bytes" }
            // At most 2^20 × 2^32, which fits in an Int.
            let bytes = BlockFormat.padded(Int(size)) * Int(count)
            guard bytes <= payload.byteCount - at else { return "\(count) records of \(size) bytes in \(bytes)" }
            at += bytes
        }
        return nil
    }

    /// The range of the next record; nil at the end of the payload, and if the record is incomplete.
    mutating func next(_ payload: RawSpan) -> Range<Int>? {
        while left == 0 {
            guard payload.byteCount - at >= 8 else { return nil }
            let size = payload.littleEndian(UInt32.self, at: at)
            guard size > 0, size <= BlockFormat.maximumPayload else { return nil }
            recordSize = Int(size)
            left = payload.littleEndian(UInt32.self, at: at + 4)
            at += 8
        }
        guard payload.byteCount - at >= recordSize else { return nil }
        left -= 1
        defer { at += BlockFormat.padded(recordSize) }
        return at..<at + recordSize
    }
}
