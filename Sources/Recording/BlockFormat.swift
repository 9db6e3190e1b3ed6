/// How a recording is laid out: docs/RECORDING.md. All integers of the framing are little-endian.
///
///     file    = preamble block…
///     preamble = magic (8 bytes) | major u16 | minor u16 | checksum of these u32
///     block   = type u32 | size of the payload u32 | checksum of the payload u32 | checksum of the head u32
///               | payload | zeros up to a multiple of 8
///
/// The checksum of the head begins with the block's offset in the file as u64, so that a block that was moved, or stands
/// behind a gap, is found out; that of the payload includes the zeros.
enum BlockFormat {
    static let majorVersion: UInt16 = 1
    static let minorVersion: UInt16 = 2

    /// As in PNG: a byte above 127 and both kinds of line ends show what transfers as text have done to a file.
    static let magic: [UInt8] = [0x8e] + Array("NTR\r\n".utf8) + [0x1a, 0x0a]

    static let preambleSize = 16
    static let headSize = 16
    /// Of a payload, in bytes. A reader needs no more memory than this for a block.
    static let maximumPayload = 1 << 20
    /// Bytes of all tables together (header, hooks, drop reasons, symbols) that a reader accepts.
    static let maximumTables = 32 << 20
    /// Records name their hook in 16 bits.
    static let maximumHooks = 1 << 16
    static let maximumDropReasons = 1 << 16
    static let maximumEnumerations = 1 << 12
    /// Longer texts are cut when they are written.
    static let maximumText = 4096
    static let maximumArguments = 200

    /// Written in the byte order of the records: reads as itself where they can be read.
    static let byteOrderMark: UInt32 = 0x0a0b_0c0d

    static func padded(_ size: Int) -> Int { (size + 7) & ~7 }
}

/// What a block holds. Readers skip the types that they do not know.
enum BlockType: UInt32 {
    /// The run and its machine; always the first block.
    case description = 1
    case hooks = 2
    case dropReasons = 3
    /// Symbols of addresses in the records behind it.
    case symbols = 4
    case records = 5
    /// The end of the run. No records behind it.
    case accounting = 6
    /// Owners of sockets in the records behind it. Since 1.1.
    case socketOwners = 7
    /// Paths of cgroups in the records behind it. Since 1.1.
    case cgroups = 8
    /// What functions return, for those whose returns are recorded; behind the hooks. Since 1.1.
    case returns = 9
    /// The enums that they return. Since 1.1.
    case enumerations = 10
    /// How the wall clock has moved against the clock of events. Since 1.2.
    case clockSteps = 11
}
