/// A map as a value. Code refers to it by its name; it exists in a kernel only once it is created from this.
public struct Map: Hashable, Sendable {
    /// enum bpf_map_type.
    public enum Kind: UInt32, Sendable {
        case hash = 1, array, programArray, perfEventArray, perCPUHash, perCPUArray, stackTrace
        case lruHash = 9, lruPerCPUHash, prefixTrie
        case queue = 22, stack
        /// Since Linux 5.8.
        case ringBuffer = 27
        /// Since Linux 5.11.
        case taskStorage = 29

        /// Whether each CPU has its own value.
        public var isPerCPU: Bool { [.perCPUHash, .perCPUArray, .lruPerCPUHash].contains(self) }
    }

    public struct Flags: OptionSet, Hashable, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        /// BPF_F_NO_PREALLOC
        public static let noPreallocation = Self(rawValue: 1 << 0)
        /// BPF_F_RDONLY_PROG: programs only read it.
        public static let readOnlyForPrograms = Self(rawValue: 1 << 7)
        /// BPF_F_MMAPABLE
        public static let mappable = Self(rawValue: 1 << 10)
    }

    /// Unique within a program; the kernel keeps the first 15 bytes.
    public var name: String
    public var kind: Kind
    /// Bytes.
    public var keySize: Int
    public var valueSize: Int
    /// Of a ring buffer: bytes.
    public var entries: Int
    public var flags: Flags

    public init(
        _ name: String, _ kind: Kind, keySize: Int = 4, valueSize: Int, entries: Int, flags: Flags = []
    ) {
        self.name = name
        self.kind = kind
        self.keySize = keySize
        self.valueSize = valueSize
        self.entries = entries
        self.flags = flags
    }
}

extension Instruction {
    public static func map(_ register: Register, _ map: Map) -> Self { .map(register, named: map.name) }

    public static func mapValue(_ register: Register, of map: Map, offset: Int32 = 0) -> Self {
        .mapValue(register, ofMap: map.name, offset: offset)
    }
}
