import CaptureFiles
import Glibc
import SystemPackage
import Text

/// One file of a capture, open for appending whole records.
final class LogFile {
    let name: String
    private let descriptor: FileDescriptor
    private let path: String
    private(set) var size: UInt64
    /// Whether it had no bytes when it was opened.
    let isNew: Bool
    /// The existing file has times in nanoseconds; pcap only.
    let isNanoseconds: Bool
    /// Bytes of an incomplete record at its end, which were removed.
    let removed: UInt64

    /// Opens or makes a file. One that exists is checked first, and left as it is if it cannot be continued.
    init(_ name: String, in folder: LogFolder, path: String, format: LogFormat, isNew: Bool) throws(LogFailure) {
        self.name = name
        self.path = path
        do { descriptor = try folder.open(name, isNew: isNew) } catch { throw .cannotOpen(path: path, error) }
        do throws(LogFailure) {
            let state = try Self.state(of: descriptor, path, format, folder)
            (size, isNanoseconds, removed) = (state.size, state.isNanoseconds, state.removed)
            self.isNew = state.size == 0
        } catch {
            try? descriptor.close()
            throw error
        }
    }

    deinit { try? descriptor.close() }

    /// A descriptor of its own for another writer.
    func duplicate() throws(Errno) -> FileDescriptor {
        do { return try descriptor.duplicate() } catch { throw error as? Errno ?? .ioError }
    }

    private struct State {
        var size: UInt64 = 0
        var isNanoseconds = true
        var removed: UInt64 = 0
    }

    private static func state(
        of descriptor: FileDescriptor, _ path: String, _ format: LogFormat, _ folder: LogFolder
    ) throws(LogFailure) -> State {
        var status = stat()
        guard fstat(descriptor.rawValue, &status) == 0 else { throw .cannotOpen(path: path, Errno(rawValue: errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .notContinuable(path: path, reason: "is not a regular file")
        }
        guard status.st_size > 0 else { return State() }
        // Another user could read what is appended.
        guard status.st_uid == geteuid() || geteuid() == 0 && !folder.isShared, status.st_nlink == 1 else {
            throw .notContinuable(path: path, reason: "belongs to another user, or has several names")
        }
        let facts = try ExistingCapture(descriptor, path, format)
        let end = facts.end ?? UInt64(status.st_size)
        if facts.end != nil, ftruncate(descriptor.rawValue, off_t(end)) != 0 {
            throw .cannotWrite(path: path, Errno(rawValue: errno))
        }
        guard lseek(descriptor.rawValue, off_t(end), SEEK_SET) == off_t(end) else {
            throw .cannotOpen(path: path, Errno(rawValue: errno))
        }
        return State(size: end, isNanoseconds: facts.isNanoseconds, removed: UInt64(status.st_size) - end)
    }

    /// Appends whole records. After an error the file ends with the last of them that was written.
    func append(_ buffer: borrowing ByteBuffer, startsWithRecord: Bool, _ format: LogFormat) throws(LogFailure) {
        let descriptor = descriptor
        var written = 0
        var failure: Errno?
        buffer.withUnsafeBytes { bytes in
            while written < bytes.count, failure == nil {
                let count = Glibc.write(descriptor.rawValue, bytes.baseAddress! + written, bytes.count - written)
                if count >= 0 { written += count } else if errno != EINTR { failure = Errno(rawValue: errno) }
            }
        }
        guard let failure else {
            size += UInt64(written)
            return
        }
        let whole = startsWithRecord ? format.boundary(buffer.bytes, limit: written) : 0
        size += UInt64(whole)
        // Nothing follows that could fail in another way: the reader takes the rest for a cut record.
        if ftruncate(descriptor.rawValue, off_t(size)) == 0 { lseek(descriptor.rawValue, off_t(size), SEEK_SET) }
        throw .cannotWrite(path: path, failure)
    }

    /// fsync(2). EINVAL, EROFS: the file system has nothing to do.
    func synchronise() throws(LogFailure) {
        guard fsync(descriptor.rawValue) != 0, errno != EINVAL, errno != EROFS else { return }
        throw .cannotWrite(path: path, Errno(rawValue: errno))
    }

    /// Whether the file still has a name.
    var hasName: Bool {
        var status = stat()
        return fstat(descriptor.rawValue, &status) != 0 || status.st_nlink > 0
    }

    /// Gives the file to a user, who continues it without further privileges.
    func give(to user: LogOwner) throws(LogFailure) {
        guard fchown(descriptor.rawValue, user.user, user.group) == 0 else {
            throw .cannotOpen(path: path, Errno(rawValue: errno))
        }
    }
}

/// The user that a capture's files belong to.
public struct LogOwner: Equatable, Sendable {
    public let user: UInt32
    public let group: UInt32

    public init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }
}
