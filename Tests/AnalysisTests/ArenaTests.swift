import Testing

@testable import Analysis

@Suite struct ArenaTests {
    /// Capacities beyond the address space: the arena takes the memory that it can get, and reports when it is full.
    @Test(arguments: [1, 4096, 3 << 20, 1 << 40, 1 << 60, Int.max])
    func anyCapacityWorks(capacity: Int) {
        var arena = RecordArena(capacity: capacity)
        var run = RecordArena.Run()
        let record = [UInt8](repeating: 7, count: 1500)
        let event = StoredEvent(timestamp: 1, offset: 0, size: 0, hook: 0, flags: 0, skb: 0)
        var kept = 0
        for _ in 0..<4000 where arena.append(record.span.bytes, event, to: &run) { kept += 1 }
        #expect(kept == (capacity >= 1 << 40 ? 4000 : max(1, capacity / RecordArena.chunkSize)))
        var read = 0
        arena.forEach(in: run) { read += Int($0.size) }
        #expect(read == kept * record.count)
    }

    /// Records with whole packets span chunks; their memory is used again.
    @Test func longRecordsAreKeptWhole() {
        var arena = RecordArena(capacity: 4 << 20)
        let event = StoredEvent(timestamp: 1, offset: 0, size: 0, hook: 0, flags: 0, skb: 0)
        let sizes = [24, 264_000, 1500, 2100, 3, 65_600, 1999]
        for round in 0..<50 {
            var run = RecordArena.Run()
            for (index, size) in sizes.enumerated() {
                let record = (0..<size).map { UInt8(truncatingIfNeeded: $0 &+ index &+ round) }
                #expect(arena.append(record.span.bytes, event, to: &run))
            }
            var read: [Int] = []
            var isIntact = true
            arena.forEach(in: run) { event in
                let first = arena.bytes.unsafeLoad(fromByteOffset: event.offset, as: UInt8.self)
                let end = event.offset + Int(event.size) - 1
                let last = arena.bytes.unsafeLoad(fromByteOffset: end, as: UInt8.self)
                isIntact = isIntact && last == first &+ UInt8(truncatingIfNeeded: Int(event.size) - 1)
                read.append(Int(event.size))
            }
            #expect(read == sizes && isIntact)
            arena.release(&run)
        }
        #expect(arena.touchedBytes <= 1 << 20)
    }

    /// Where no chunks in a row are left, a record is cut and not lost.
    @Test func aLongRecordIsCutWhereMemoryIsShort() {
        var arena = RecordArena(capacity: 16 << 10)
        let event = StoredEvent(timestamp: 1, offset: 0, size: 0, hook: 0, flags: 0, skb: 0)
        var run = RecordArena.Run()
        let record = [UInt8](repeating: 7, count: 20_000)
        #expect(arena.append(record.span.bytes, event, to: &run))
        var sizes: [Int] = []
        arena.forEach(in: run) { sizes.append(Int($0.size)) }
        #expect(sizes == [RecordArena.maximumRecordSize])
    }
}
