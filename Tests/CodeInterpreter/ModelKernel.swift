public import BPFCode

/// The kernel as a program sees it: memory, maps, clocks, the current thread and CPU. Everything can be set by a test.
public struct ModelKernel {
    public var memory = Memory()
    /// By the number that stands for a map's descriptor in the encoded program.
    private(set) var maps: [Int32: ModelMap] = [:]
    /// Each reading of a clock advances it by a nanosecond.
    public var time: UInt64 = 1_000_000_000
    /// Process in the upper half, thread in the lower.
    public var processAndThread: UInt64 = 0
    /// Group in the upper half, user in the lower.
    public var groupAndUser: UInt64 = 0
    public var command: [UInt8] = []
    /// `struct task_struct`.
    public var task: UInt64 = 0
    public var cpu = 0
    public let cpus: Int
    /// Whether reading unmapped memory with probe_read_kernel is a fault of the test instead of an error of the helper.
    public var faultsOnBadRead = false
    /// Records sent through ring buffers, perf events and seq files, in order.
    public internal(set) var output: [[UInt8]] = []
    /// Takes the records out of `output`.
    public mutating func takeOutput() -> [[UInt8]] {
        defer { output = [] }
        return output
    }

    /// A ring buffer's records that are neither submitted nor discarded, by address.
    var reserved: Set<UInt64> = []
    private var nextAddress: UInt64 = 0x7_0000_0000

    public init(cpus: Int = 1) { self.cpus = cpus }

    /// Creates empty maps, and returns the descriptors to encode the program with.
    public mutating func create(_ descriptions: [Map]) -> [String: Int32] {
        var numbers: [String: Int32] = [:]
        for description in descriptions {
            let number = Int32(maps.count + 3)
            numbers[description.name] = number
            maps[number] = ModelMap(description)
            guard [.array, .perCPUArray].contains(description.kind) else { continue }
            for index in 0..<description.entries {
                let key = withUnsafeBytes(of: UInt32(index)) { Array($0) }
                _ = update(number, key, Array(repeating: 0, count: description.valueSize), on: nil, mode: .any)
            }
        }
        return numbers
    }

    // MARK: Addresses

    private static let mapBase: UInt64 = 0x5_0000_0000

    func pointer(toMap number: Int32) throws -> UInt64 {
        guard maps[number] != nil else { throw Fault.unknownMap(UInt64(UInt32(bitPattern: number))) }
        return Self.mapBase + UInt64(number)
    }

    func map(at pointer: UInt64) throws -> (number: Int32, map: ModelMap) {
        let number = Int32(truncatingIfNeeded: pointer &- Self.mapBase)
        guard let map = maps[number], pointer >= Self.mapBase else { throw Fault.unknownMap(pointer) }
        return (number, map)
    }

    func firstValue(ofMap number: Int32) throws -> UInt64 {
        guard let map = maps[number], map.description.kind == .array,
            let address = map.values[[0, 0, 0, 0]]?.first
        else { throw Fault.unknownMap(UInt64(UInt32(bitPattern: number))) }
        return address
    }

    /// Memory that the program may write, away from all other.
    mutating func allocate(_ bytes: [UInt8]) -> UInt64 {
        let address = nextAddress
        nextAddress += UInt64(bytes.count + 0xfff) & ~0xfff + 0x1000
        memory.add(bytes, at: address, .writable)
        return address
    }

    // MARK: Maps

    /// The address of a value. Returns nil if the map has no such key.
    func lookUp(_ number: Int32, _ key: [UInt8], on cpu: Int) -> UInt64? {
        guard let addresses = maps[number]?.values[key] else { return nil }
        return addresses.count == 1 ? addresses[0] : addresses[cpu]
    }

    enum UpdateMode: UInt64 { case any, ifAbsent, ifPresent }

    /// Writes one CPU's value, or that of all. Returns 0 or a negative errno as the kernel does.
    mutating func update(_ number: Int32, _ key: [UInt8], _ value: [UInt8], on cpu: Int?, mode: UpdateMode) -> Int64 {
        guard var map = maps[number] else { return Errno.noEntry }
        if let addresses = map.values[key] {
            if mode == .ifAbsent { return Errno.exists }
            for (index, address) in addresses.enumerated() where cpu == nil || addresses.count == 1 || index == cpu {
                memory.replace(at: address, with: value)
            }
            return 0
        }
        if mode == .ifPresent { return Errno.noEntry }
        guard map.values.count < map.description.entries else {
            return map.description.kind == .array ? Errno.noEntry : Errno.tooBig
        }
        let copies = map.description.kind.isPerCPU ? cpus : 1
        map.values[key] = (0..<copies).map { index in
            let isWritten = cpu == nil || copies == 1 || index == cpu
            return allocate(isWritten ? value : Array(repeating: 0, count: value.count))
        }
        maps[number] = map
        return 0
    }

    mutating func delete(_ number: Int32, _ key: [UInt8]) -> Int64 {
        guard let map = maps[number], ![.array, .perCPUArray].contains(map.description.kind) else {
            return Errno.invalid
        }
        guard let addresses = map.values[key] else { return Errno.noEntry }
        for address in addresses { memory.remove(at: address) }
        maps[number]?.values[key] = nil
        return 0
    }

    /// Sets the first value of an array.
    public mutating func set(_ name: String, to value: [UInt8]) {
        guard let number = maps.first(where: { $1.description.name == name })?.key else { return }
        _ = update(number, [0, 0, 0, 0], value, on: nil, mode: .any)
    }

    /// All values of a map, one per CPU where its kind says so.
    public func contents(ofMap name: String) -> [[UInt8]: [[UInt8]]] {
        guard let map = maps.values.first(where: { $0.description.name == name }) else { return [:] }
        return map.values.mapValues { $0.map { memory.bytes(at: $0) ?? [] } }
    }
}

/// A map and the addresses of its values.
struct ModelMap {
    let description: Map
    /// One address per key, or one per CPU.
    var values: [[UInt8]: [UInt64]] = [:]

    init(_ description: Map) { self.description = description }
}

/// Results of helpers, include/uapi/asm-generic/errno-base.h.
enum Errno {
    static let noEntry: Int64 = -2
    static let tooBig: Int64 = -7
    static let fault: Int64 = -14
    static let exists: Int64 = -17
    static let invalid: Int64 = -22
}
