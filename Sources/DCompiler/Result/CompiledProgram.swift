public import BPFCode
import DLanguage

/// A D program as the kernel runs it: a program for each probe, and the maps that they share.
public struct CompiledProgram: Sendable {
    public var probes: [CompiledProbe] = []
    public var maps: [Map] = []
    /// Texts that records and keys name by number.
    public var texts: [[UInt8]] = []
    /// In the order of `TypedProgram.aggregations`.
    public var aggregations: [CompiledAggregation] = []

    public init() {}

    /// Whether some probe sends records.
    public var hasRecords: Bool { maps.contains { $0.name == MapNames.ring } }
}

/// All clauses of one probe.
public struct CompiledProbe: Sendable {
    public var probe: Probe
    public var code: Code
    public var record: RecordLayout

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
    public static let zeros = "d_zeros"
    static let threadVariables = "d_threads"
    static func array(_ index: Int) -> String { "d_array_\(index)" }
    static func aggregation(_ index: Int) -> String { "d_agg_\(index)" }
}

/// The value of the map `d_state`.
public enum ProgramState {
    public static let size = 16
    /// Byte offset of the gate, 32 bits: probes other than BEGIN, END and ERROR fire while it is `open`.
    static let gate: Int32 = 0
    /// Byte offset of CLOCK_REALTIME - CLOCK_MONOTONIC.
    static let wallClock: Int32 = 8

    public enum Gate: UInt32, Sendable { case waiting, open, exited }

    public static func bytes(_ gate: Gate, wallClockOffset: Int64) -> [UInt8] {
        withUnsafeBytes(of: gate.rawValue) { Array($0) } + [0, 0, 0, 0]
            + withUnsafeBytes(of: wallClockOffset) { Array($0) }
    }
}

/// Indices into the map `d_losses`, which counts per CPU.
public enum Loss: UInt32, Sendable, CaseIterable {
    /// Firings whose record did not fit into the buffer.
    case records
    /// Updates of an aggregation whose map was full.
    case aggregations
    /// Assignments to an associative array or thread variable whose map was full.
    case variables
}
