public import SystemPackage

/// The reason that a recording cannot be written or read, or only in part.
///
/// Everything that `RecordingReader` returned before it threw is valid: blocks are checked before their contents are returned.
public enum RecordingError: Error, Equatable, Sendable {
    /// open(2), read(2) or write(2) failed.
    case cannotOpen(Errno)
    case cannotRead(Errno)
    case cannotWrite(Errno)
    /// The path exists and is not a regular file.
    case notARegularFile
    /// The file may have been prepared by another user, or has further hard links.
    case notOurs
    case empty
    case notARecording
    /// Its major version differs from `BlockFormat.majorVersion`.
    case unsupportedVersion(major: UInt16, minor: UInt16)
    /// Recorded on a machine with the other byte order.
    case foreignByteOrder
    /// `offset`: offset of the first damaged block, in bytes. `records`: number of records read, before and after it.
    case damaged(Damage, offset: UInt64, records: UInt64)

    /// The damage of the block at the offset.
    public enum Damage: Equatable, Sendable {
        /// The file ends inside the block.
        case truncated
        /// The file ends after complete blocks, but without the account of the run, which is always last.
        case unfinished
        /// The bytes differ from those that were written.
        case checksum
        /// The bytes are those that were written, but violate the format.
        case contents(String)
    }
}

extension RecordingError: CustomStringConvertible {
    /// A sentence without its subject, to follow the name of the file.
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
