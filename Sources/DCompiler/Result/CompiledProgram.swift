public import BPFCode
import DLanguage

/// A D program as the kernel runs it: a program for each probe, and the maps that they share.
public struct CompiledProgram: Sendable {
    public var probes: [CompiledProbe] = []
    public var maps: [Map] = []
    /// Elements of arrays that are written before the programs are loaded.
    public var contents: [(map: String, index: UInt32, value: [UInt8])] = []
    /// Texts that records and keys name by number.
    public var texts: [[UInt8]] = []
    /// In the order of `TypedProgram.aggregations`.
    public var aggregations: [CompiledAggregation] = []

    public init() {}

    /// Whether programs read the kernel's jiffies per second.
    public var needsTicks: Bool {
        let read = Instruction.mapValue(.r1, ofMap: MapNames.state, offset: ProgramState.ticksPerSecond)
        return probes.contains { $0.code.instructions.contains(read) }
    }

    /// Whether some probe sends records.
    public var hasRecords: Bool { maps.contains { $0.name == MapNames.ring } }
}

/// All clauses of one probe, or of several that differ in their names only.
public struct CompiledProbe: Sendable {
    public var members: [Probe]
    public var code: Code
    public var record: RecordLayout

    public var probe: Probe { members[0] }

    /// The code as text.
    public var listing: String { code.listing }
}

/// An aggregation's map.
public struct CompiledAggregation: Sendable {
    public var map: String
    public var keys: [Field]
    public var isKeyless: Bool
}

/// Names of the maps that every program has.
public enum MapNames {
    public static let ring = "d_records"
    public static let state = "d_state"
    public static let globals = "d_globals"
    public static let losses = "d_losses"
    /// The epochs of aggregations, 64 bits each: clear() begins a new one.
    public static let epochs = "d_epochs"
    public static let zeros = "d_zeros"
    static let threadVariables = "d_threads"
    /// Variables of threads that have more than 8 bytes.
    static let threadTexts = "d_thread_texts"
    static let scratch = "d_scratch"
    /// 1 for each speculation that is in use.
    public static let speculations = "d_speculations"
    /// Index + 1 of the member, by system call.
    static func calls(_ program: Int) -> String { "d_calls_\(program)" }
    /// `MemberEntry` by index of the member.
    static func members(_ program: Int) -> String { "d_member_\(program)" }
    static func array(_ index: Int) -> String { "d_array_\(index)" }
    static func aggregation(_ index: Int) -> String { "d_agg_\(index)" }
}

/// The value of the map `d_state`.
public enum ProgramState {
    public static let size = 24
    /// Byte offset of the gate, 32 bits: probes other than BEGIN, END and ERROR fire while it is `open`.
    static let gate: Int32 = 0
    /// Byte offset of CLOCK_REALTIME - CLOCK_MONOTONIC.
    static let wallClock: Int32 = 8
    /// Byte offset of the kernel's jiffies per second.
    static let ticksPerSecond: Int32 = 16

    public enum Gate: UInt32, Sendable { case waiting, open, exited }

    public static func bytes(_ gate: Gate, wallClockOffset: Int64, ticksPerSecond: UInt64 = 1000) -> [UInt8] {
        withUnsafeBytes(of: gate.rawValue) { Array($0) } + [0, 0, 0, 0]
            + withUnsafeBytes(of: wallClockOffset) { Array($0) } + withUnsafeBytes(of: ticksPerSecond) { Array($0) }
    }
}

/// The kinds of losses that the map `d_losses` counts, for each CPU and program.
public enum Loss: UInt32, Sendable, CaseIterable {
    /// Firings whose record did not fit into the buffer.
    case records
    /// Updates of an aggregation whose map was full.
    case aggregations
    /// Assignments to an associative array or thread variable whose map was full.
    case variables
    /// Calls of speculation() while all of them were in use.
    case speculations

    /// The program's counter of this loss in the map.
    public func index(ofProgram number: Int) -> Int { number * Self.allCases.count + Int(rawValue) }

    /// The loss and the number of the program that a counter of the map belongs to.
    public static func counter(_ index: Int) -> (loss: Loss, program: Int)? {
        guard index >= 0, let loss = Loss(rawValue: UInt32(index % allCases.count)) else { return nil }
        return (loss, index / allCases.count)
    }
}
