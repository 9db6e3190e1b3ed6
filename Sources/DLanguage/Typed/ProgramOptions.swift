/// Values of `-x`, `#pragma D option` and setopt. Those that a program may not set are in the command's hands.
public struct ProgramOptions: Hashable, Sendable {
    public enum BufferPolicy: String, Hashable, Sendable { case `switch`, fill, ring }
    public enum BufferResize: String, Hashable, Sendable { case auto, manual }

    public var quiet = false
    public var flowindent = false
    public var destructive = false
    public var rawbytes = false
    public var zdefs = false
    public var defaultargs = false
    /// `-x ordered`: records of all CPUs in the order of their time.
    public var ordered = false
    /// Nanoseconds.
    public var switchrate: UInt64 = 1_000_000_000
    public var aggrate: UInt64 = 1_000_000_000
    public var cleanrate: UInt64 = 9_900_990
    public var statusrate: UInt64 = 1_000_000_000
    /// Bytes.
    public var bufsize = 4 << 20
    public var aggsize = 4 << 20
    public var dynvarsize = 4 << 20
    public var specsize = 32 << 10
    public var strsize = 256
    public var nspec = 1
    public var stackframes = 20
    public var stackindent = 14
    public var ustackframes = 100
    public var maxframes = 127
    public var maxprobes: Int?
    public var aggsortkey = false
    public var aggsortrev = false
    public var aggsortkeypos = 0
    public var aggsortpos = 0
    public var bufpolicy = BufferPolicy.switch
    public var bufresize = BufferResize.auto
    /// `-x cpu=N`.
    public var cpu: Int?
    /// Names that were set, as written last.
    public var given: [String: String] = [:]

    public init() {}
}
