import CaptureFiles
import Text

/// Brings finished blocks into the order of their times: a packet is known when it has died, and others may have begun and
/// died in the meantime.
final class PacketQueue {
    private struct Entry {
        var time: Int64
        var start: Int
        var end: Int
        /// Of the packet whose last block this is.
        var events: UInt64
    }

    private var entries: [Entry] = []
    private var isSorted = true
    private var blocks = ByteBuffer(capacity: 1 << 20)
    private var spare = ByteBuffer(capacity: 1 << 20)
    /// Events of the packets whose blocks wait.
    private(set) var events: UInt64 = 0
    /// Bytes of blocks that have been passed on.
    private var passed = 0
    /// Bytes that wait at most.
    private let limit: Int
    /// The time of the last block that was passed on.
    private(set) var latest = Int64.min

    init(limit: Int = 32 << 20) { self.limit = limit }

    /// Appends a block, which `body` writes.
    ///
    /// - Parameter events: of the packet, for its last block; 0 for its others.
    func append(at time: Int64, events: UInt64 = 0, _ body: (inout ByteBuffer) -> Void) {
        let start = blocks.count
        body(&blocks)
        if let last = entries.last, last.time > time { isSorted = false }
        entries.append(Entry(time: time, start: start, end: blocks.count, events: events))
        self.events += events
    }

    private var waiting: Int { blocks.count - passed + entries.count * MemoryLayout<Entry>.stride }

    /// Whether more bytes wait than may.
    var isFull: Bool { waiting > limit }

    /// Passes on the earliest blocks of those that wait, one in sixteen: small pieces are still in the processor's cache when
    /// they are written.
    func releaseExcess(into buffer: inout ByteBuffer) {
        guard isFull else { return }
        sort()
        pass(max(1, entries.count / 16), into: &buffer)
    }

    /// Whether a block has waited until this time.
    func hasDue(at time: Int64) -> Bool { entries.contains { $0.time <= time } }

    /// Passes on the blocks up to this time.
    func release(until time: Int64, into buffer: inout ByteBuffer) {
        guard !entries.isEmpty else { return }
        sort()
        pass(entries.firstIndex { $0.time > time } ?? entries.count, into: &buffer)
    }

    /// Blocks of the same time stay in their order.
    private func sort() {
        guard !isSorted else { return }
        isSorted = true
        entries.sort { ($0.time, $0.start) < ($1.time, $1.start) }
    }

    private func pass(_ count: Int, into buffer: inout ByteBuffer) {
        for entry in entries.prefix(count) {
            buffer.append(blocks.bytes.extracting(entry.start..<entry.end))
            passed += entry.end - entry.start
            latest = max(latest, entry.time)
            events -= entry.events
        }
        entries.removeFirst(count)
        if passed * 2 > blocks.count { compact() }
    }

    /// Frees the room of blocks that have been passed on.
    private func compact() {
        spare.removeAll()
        for index in entries.indices {
            let start = spare.count
            spare.append(blocks.bytes.extracting(entries[index].start..<entries[index].end))
            entries[index].start = start
            entries[index].end = spare.count
        }
        swap(&blocks, &spare)
        passed = 0
    }
}
