import Glibc
import SystemPackage
import Testing

@testable import KernelAccess

/// A file with the layout of a ring buffer.
private struct FakeRing: ~Copyable {
    static let page = Int(getpagesize())
    static let size = 2 * page
    let file: FileDescriptor
    private var produced = 0

    init() throws {
        var path = Array("/tmp/nettrace-ring-XXXXXX".utf8CString)
        file = FileDescriptor(rawValue: mkstemp(&path))
        try #require(file.rawValue >= 0)
        unlink(path)
        try #require(ftruncate(file.rawValue, off_t(2 * Self.page + 2 * Self.size)) == 0)
    }

    deinit { try? file.close() }

    /// Adds a record as the kernel does, to both copies of the data. `flags`: of its header.
    mutating func produce(_ text: String, flags: UInt32 = 0) throws {
        let bytes = Array(text.utf8)
        var record = [UInt8](repeating: 0, count: (8 + bytes.count + 7) & ~7)
        record.withUnsafeMutableBytes { $0.storeBytes(of: UInt32(bytes.count) | flags, as: UInt32.self) }
        record.replaceSubrange(8..<8 + bytes.count, with: bytes)
        for (index, byte) in record.enumerated() {
            let place = (produced + index) % Self.size
            for copy in [place, place + Self.size] {
                try file.writeAll(toAbsoluteOffset: Int64(2 * Self.page + copy), [byte])
            }
        }
        produced += record.count
        try withUnsafeBytes(of: UInt64(produced)) { _ = try file.writeAll(toAbsoluteOffset: Int64(Self.page), $0) }
    }

    func consumed() throws -> UInt64 {
        var position: UInt64 = 0
        _ = try withUnsafeMutableBytes(of: &position) { try file.read(fromAbsoluteOffset: 0, into: $0) }
        return position
    }
}

@Suite struct RingMemoryTests {
    private func texts(_ memory: borrowing RingMemory, limit: Int = .max) -> [String] {
        var texts: [String] = []
        memory.consume {
            texts.append(String(decoding: $0, as: UTF8.self))
            return texts.count < limit
        }
        return texts
    }

    @Test func recordsComeOnceAndInOrder() throws {
        var ring = try FakeRing()
        let memory = try RingMemory(map: ring.file, size: FakeRing.size)
        #expect(texts(memory) == [])
        try ring.produce("first")
        try ring.produce("")
        try ring.produce("the third")
        #expect(texts(memory) == ["first", "", "the third"])
        #expect(try ring.consumed() == 16 + 8 + 24)
        #expect(texts(memory) == [])
    }

    @Test func discardedRecordsArePassed() throws {
        var ring = try FakeRing()
        let memory = try RingMemory(map: ring.file, size: FakeRing.size)
        try ring.produce("one")
        try ring.produce("discarded", flags: 1 << 30)
        try ring.produce("two")
        #expect(texts(memory) == ["one", "two"])
        #expect(try ring.consumed() == 16 + 24 + 16)
    }

    @Test func whatIsNotYetWrittenHoldsUpTheRest() throws {
        var ring = try FakeRing()
        let memory = try RingMemory(map: ring.file, size: FakeRing.size)
        try ring.produce("one")
        try ring.produce("busy", flags: 1 << 31)
        try ring.produce("two")
        #expect(texts(memory) == ["one"])
        #expect(try ring.consumed() == 16)
    }

    @Test func aRoundMayEndEarly() throws {
        var ring = try FakeRing()
        let memory = try RingMemory(map: ring.file, size: FakeRing.size)
        for text in ["one", "two", "three"] { try ring.produce(text) }
        #expect(texts(memory, limit: 2) == ["one", "two"])
        #expect(try ring.consumed() == 32)
        #expect(texts(memory) == ["three"])
    }

    /// Each record starts at another offset, and some continue after the end.
    @Test func recordsGoRound() throws {
        var ring = try FakeRing()
        let memory = try RingMemory(map: ring.file, size: FakeRing.size)
        for index in 0..<31 {
            let text = String(repeating: "\(index % 10)", count: FakeRing.size / 3 + index)
            try ring.produce(text)
            #expect(texts(memory) == [text])
        }
        #expect(try ring.consumed() > UInt64(9 * FakeRing.size))
    }

    @Test func noRing() {
        #expect(throws: KernelError.self) { _ = try RingMemory(map: FileDescriptor(rawValue: -1), size: 4096) }
    }
}
