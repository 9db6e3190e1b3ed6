/// When a capture begins another file, and what becomes of the earlier ones.
public struct LogRotation: Equatable, Sendable {
    public enum Kind: Equatable, Sendable {
        /// One file, which is appended to.
        case none
        /// A full file becomes FILE.old; also one that exists at the start.
        case old
        /// Files have numbers and times in their names, as those of dumpcap; only the last ones are kept (0: all).
        case numbered(kept: Int)
    }

    public var kind = Kind.none
    /// The most bytes of a file, unless a single packet has more.
    public var size: UInt64?
    /// The longest time that a file is written to, in seconds.
    public var seconds: Double?

    public init() {}

    /// Whether other files may follow the first one.
    var isNeeded: Bool { size != nil || seconds != nil }

    /// `trace_00001_20261129004500.pcapng` for `trace.pcapng`.
    ///
    /// - Parameters:
    ///   - number: of the file, from 1 on.
    ///   - time: YYYYMMDDhhmmss.
    static func name(_ base: String, number: Int, time: String) -> String {
        let digits = String(number % 100_000)
        let middle = "_" + String(repeating: "0", count: 5 - digits.count) + digits + "_" + time
        guard let dot = base.lastIndex(of: "."), dot > base.startIndex else { return base + middle }
        return base[..<dot] + middle + base[dot...]
    }
}
