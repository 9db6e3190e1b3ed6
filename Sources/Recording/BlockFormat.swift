/// The layout of a recording, described in docs/RECORDING.md. All integers of the framing are little-endian.
///
///     file    = preamble block…
///     preamble = magic (8 bytes) | major u16 | minor u16 | checksum of these u32
///     block   = type u32 | size of the payload u32 | checksum of the payload u32 | checksum of the head u32
///               | payload | zeros up to a multiple of 8
///
/// The checksum of the head begins with the block's offset in the file as u64, so that a block that was moved, or that follows
/// a gap, is detected; the checksum of the payload includes the zeros.
enum BlockFormat {
    static let majorVersion: UInt16 = 1
    static let minorVersion: UInt16 = 2

    /// As in PNG: a byte above 127 and both kinds of line ends detect a file that was transferred as text.
    static let magic: [UInt8] = [0x8e] + Array("NTR\r\n".utf8) + [0x1a, 0x0a]

    static let preambleSize = 16
    static let headSize = 16
    /// Maximum size of a payload in bytes, and thus the memory that a reader needs for a block.
    static let maximumPayload = 1 << 20
    /// Maximum number of bytes of all tables together (header, hooks, drop reasons, symbols) that a reader accepts.
    static let maximumTables = 32 << 20
    /// Records have 16 bits for the hook.
    static let maximumHooks = 1 << 16
    static let maximumDropReasons = 1 << 16
    static let maximumEnumerations = 1 << 12
    /// Longer texts are cut when they are written.
    static let maximumText = 4096
    static let maximumArguments = 200

    /// Written in the byte order of the records: a reader that reads this value can read the records.
    static let byteOrderMark: UInt32 = 0x0a0b_0c0d

    static func padded(_ size: Int) -> Int { (size + 7) & ~7 }
}

/// The contents of a block. Readers skip unknown types.
enum BlockType: UInt32 {
    /// The run and its machine; always the first block.
    case description = 1
    case hooks = 2
    case dropReasons = 3
    /// Symbols of addresses in the records that follow.
    case symbols = 4
    case records = 5
    /// The account of the run. No records follow.
    case accounting = 6
    /// Owners of sockets in the records that follow. Since 1.1.
    case socketOwners = 7
    /// Paths of cgroups in the records that follow. Since 1.1.
    case cgroups = 8
    /// Return types of functions whose returns are recorded; after the hooks. Since 1.1.
    case returns = 9
    /// The enums that these functions return. Since 1.1.
    case enumerations = 10
    /// Changes of the wall clock relative to the clock of events. Since 1.2.
    case clockSteps = 11
}
