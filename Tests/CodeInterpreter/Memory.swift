/// Memory as the program sees it: regions at fixed addresses, with nothing between them.
public struct Memory {
    public enum Access: Sendable {
        case readOnly, writable
        /// Only helpers that read kernel memory may read it.
        case kernel
    }

    public struct Region {
        public let start: UInt64
        public var bytes: [UInt8]
        let access: Access
        /// The verifier wants aligned access to the stack and to contexts.
        let isAligned: Bool
        /// nil if all bytes are known from the start.
        var isWritten: [Bool]?

        func contains(_ address: UInt64, _ count: Int) -> Bool {
            address >= start && address &- start <= UInt64(bytes.count)
                && UInt64(count) <= UInt64(bytes.count) - (address &- start)
        }
    }

    public private(set) var regions: [Region] = []

    public init() {}

    public mutating func add(
        _ bytes: [UInt8], at start: UInt64, _ access: Access, isAligned: Bool = false, isWritten: Bool = true
    ) {
        regions.append(
            Region(
                start: start, bytes: bytes, access: access, isAligned: isAligned,
                isWritten: isWritten ? nil : Array(repeating: false, count: bytes.count)))
    }

    public mutating func remove(at start: UInt64) { regions.removeAll { $0.start == start } }

    /// The bytes of a region.
    public func bytes(at start: UInt64) -> [UInt8]? { regions.first { $0.start == start }?.bytes }

    public mutating func replace(at start: UInt64, with bytes: [UInt8]) {
        guard let index = regions.firstIndex(where: { $0.start == start }) else { return }
        regions[index].bytes = bytes
    }

    private func region(_ address: UInt64, _ count: Int) -> Int? {
        regions.firstIndex { $0.contains(address, count) }
    }

    // MARK: Instructions

    func load(_ address: UInt64, _ width: Int) throws -> UInt64 {
        let (region, index) = try place(address, width)
        try regions[region].requireWritten(index..<index + width)
        var result: UInt64 = 0
        for offset in (0..<width).reversed() { result = result << 8 | UInt64(regions[region].bytes[index + offset]) }
        return result
    }

    mutating func store(_ value: UInt64, _ address: UInt64, _ width: Int) throws {
        let (region, index) = try place(address, width)
        guard regions[region].access == .writable else { throw Fault.access(address) }
        for offset in 0..<width {
            regions[region].bytes[index + offset] = UInt8(truncatingIfNeeded: value >> (8 * UInt64(offset)))
            regions[region].isWritten?[index + offset] = true
        }
    }

    private func place(_ address: UInt64, _ width: Int) throws -> (region: Int, index: Int) {
        guard let region = region(address, width), regions[region].access != .kernel else {
            throw Fault.access(address)
        }
        guard !regions[region].isAligned || address.isMultiple(of: UInt64(width)) else {
            throw Fault.misaligned(address)
        }
        return (region, Int(address - regions[region].start))
    }

    // MARK: Helpers

    /// The bytes of the program's own memory that a helper reads.
    func read(_ address: UInt64, _ count: Int) throws -> [UInt8] {
        guard let region = region(address, count), regions[region].access != .kernel else {
            throw Fault.access(address)
        }
        let index = Int(address - regions[region].start)
        try regions[region].requireWritten(index..<index + count)
        return Array(regions[region].bytes[index..<index + count])
    }

    mutating func write(_ bytes: some Collection<UInt8>, _ address: UInt64) throws {
        guard let region = region(address, bytes.count), regions[region].access == .writable else {
            throw Fault.access(address)
        }
        var index = Int(address - regions[region].start)
        for byte in bytes {
            regions[region].bytes[index] = byte
            regions[region].isWritten?[index] = true
            index += 1
        }
    }

    /// Any memory, as probe_read_kernel sees it; nil if there is none.
    func readKernel(_ address: UInt64, _ count: Int) -> [UInt8]? {
        guard let region = region(address, count) else { return nil }
        let index = Int(address - regions[region].start)
        return Array(regions[region].bytes[index..<index + count])
    }
}

extension Memory.Region {
    fileprivate func requireWritten(_ range: Range<Int>) throws {
        guard let isWritten else { return }
        for index in range where !isWritten[index] { throw Fault.uninitialised(start + UInt64(index)) }
    }
}
