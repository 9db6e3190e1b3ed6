public import SystemPackage

/// Why a recording cannot be written or read, or not to its end.
///
/// What `RecordingReader` gave before it threw is good: blocks are checked before their contents are handed out.
public enum RecordingError: Error, Equatable, Sendable {
    /// open(2), read(2) or write(2) failed.
    case cannotOpen(Errno)
    case cannotRead(Errno)
    case cannotWrite(Errno)
    /// A recording replaces regular files only.
    case notARegularFile
    /// A file that another user may have prepared, or that has a second name elsewhere.
    case notOurs
    case empty
    case notARecording
    /// Of another major version than `BlockFormat.majorVersion`.
    case unsupportedVersion(major: UInt16, minor: UInt16)
    /// Recorded on a machine that keeps integers the other way round.
    case foreignByteOrder
    /// `offset`: where the first damaged block begins, in bytes. `records`: how many were read, before it and behind it.
    case damaged(Damage, offset: UInt64, records: UInt64)

    /// What is wrong with the block at the offset.
    public enum Damage: Equatable, Sendable {
        /// The file ends inside of the block.
        case truncated
        /// The file ends behind whole blocks, but the account of the run, which is always last, is missing.
        case unfinished
        /// The bytes are not those that were written.
        case checksum
        /// The bytes are those that were written, and yet they break the format.
        case contents(String)
    }
}

extension RecordingError: CustomStringConvertible {
    /// A sentence without its subject, to stand behind the name of the file.
    public var description: String {
        switch self {
        case .cannotOpen(let errno): "cannot be opened: \(errno)"
        case .cannotRead(let errno): "cannot be read: \(errno)"
        case .cannotWrite(let errno):
            "cannot be written: \(errno == .timedOut ? "its reader has stopped reading" : "\(errno)"); what was written before can be read with -r"
        case .notARegularFile:
            "not a regular file, so it is not overwritten; name another file, or '-' for standard output"
        case .notOurs:
            "belongs to another user in a folder that others may write to, or has a second name, so it is not overwritten; "
                + "remove it, or name another file"
        case .empty: "the file is empty; was the recording stopped before it began?"
        case .notARecording: "not a nettrace recording; was it written with -w?"
        case .unsupportedVersion(let major, let minor):
            """
            written in version \(major).\(minor) of the format, and this program reads version \
            \(BlockFormat.majorVersion); use the nettrace that recorded it, or one that is \
            \(major > BlockFormat.majorVersion ? "newer" : "older")
            """
        case .foreignByteOrder:
            "recorded on a machine of the other byte order; read it on a machine like that one"
        case .damaged(let damage, let offset, let records):
            "\(damage) (at byte \(offset)); \(records == 0 ? "no record is whole" : "all that is whole was read")"
        }
    }
}

extension RecordingError.Damage: CustomStringConvertible {
    public var description: String {
        switch self {
        case .truncated: "cut off in the middle of a block"
        case .unfinished: "ends without the account of the run: nettrace was killed, or the file was cut off"
        case .checksum: "damaged: a checksum is wrong"
        case .contents(let what): "damaged: \(what)"
        }
    }
}
