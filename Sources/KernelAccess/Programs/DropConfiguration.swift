import AttachPlanning
import CNettraceBPF

/// Settings for drops, fixed before the load: which drops are left out, and by what they are counted.
public struct DropConfiguration: Sendable {
    /// Settings for counting in the kernel, which replaces the event of each drop.
    public struct Summary: Sendable {
        /// NT_DROP_BY_ of BPF/include/nettrace_drops.h.
        public var dimensions: UInt32
        /// Maximum number of rows in one interval; further drops are counted together.
        public var rows: UInt32

        public init(dimensions: UInt32, rows: UInt32 = 4096) {
            self.dimensions = dimensions
            self.rows = rows
        }
    }

    /// A range of kernel code in which packets end normally.
    public struct NormalEnd: Sendable, Equatable {
        public var code: Range<UInt64>
        /// nil: any reason, or none.
        public var reason: UInt32?
        /// NT_PACKET_ bits of BPF/include/nettrace_drops.h; NT_PACKET_ANY for all packets.
        public var kinds: UInt32

        public init(code: Range<UInt64>, reason: UInt32?, kinds: UInt32) {
            self.code = code
            self.reason = reason
            self.kinds = kinds
        }
    }

    public var summary: Summary?
    /// Drops that are no events. Only the first NT_NORMAL_ENDS take effect.
    public var normalEnds: [NormalEnd] = []
    public private(set) var ignoredReasons: Set<UInt32> = []

    public init() {}

    /// Leaves out drops with this reason. Returns false if the value is too large for the programs.
    public mutating func ignore(_ reason: UInt32) -> Bool {
        guard Self.bit(of: reason) != nil else { return false }
        ignoredReasons.insert(reason)
        return true
    }

    /// - Parameter tracepoint: the hook of the counting program.
    func write(to config: inout nt_drop_config, tracepoint: PlannedHook?) {
        config.dimensions = summary?.dimensions ?? 0
        config.cookie = summary == nil ? 0 : tracepoint?.cookie(index: 0) ?? 0
        config.ignores = ignoredReasons.isEmpty ? 0 : 1
        withUnsafeMutableBytes(of: &config.ignored) { bytes in
            let words = bytes.bindMemory(to: UInt64.self)
            for bit in ignoredReasons.compactMap(Self.bit) { words[bit / 64] |= 1 << UInt64(bit % 64) }
        }
        withUnsafeMutableBytes(of: &config.ends) { bytes in
            let ends = bytes.bindMemory(to: nt_normal_end.self)
            for (index, end) in zip(ends.indices, normalEnds) {
                ends[index] = nt_normal_end(
                    start: end.code.lowerBound, size: UInt32(clamping: end.code.count),
                    reason: end.reason ?? NT_ANY_REASON, kinds: end.kinds, unused: 0)
            }
        }
    }

    private static func bit(of reason: UInt32) -> Int? {
        let subsystem = Int(reason >> NT_REASON_SUBSYSTEM_SHIFT)
        let number = Int(reason & (1 << NT_REASON_SUBSYSTEM_SHIFT - 1))
        guard subsystem < Int(NT_REASON_SUBSYSTEMS), number < Int(NT_REASONS_PER_SUBSYSTEM) else { return nil }
        return subsystem * Int(NT_REASONS_PER_SUBSYSTEM) + number
    }
}
