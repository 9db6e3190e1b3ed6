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
}
