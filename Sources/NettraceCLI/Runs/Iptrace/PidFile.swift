import Glibc
import SystemPackage

/// A file with the number of a process, locked while the process runs: a file without a lock is a remainder.
final class PidFile {
    private let descriptor: FileDescriptor
    let path: String

    static let standard = "/run/iptrace.pid"

    /// Fails if another process holds the file.
    init(_ path: String) throws {
        self.path = path
        do {
            descriptor = try FileDescriptor.open(
                path, .readWrite, options: [.create, .noFollow, .closeOnExec, .nonBlocking],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw RunError(
                "cannot make the file of the process id, \(path): \(error); name another one: --pid-file FILE")
        }
        guard Self.lock(descriptor), let owner = Self.number(descriptor), owner.isNumber else {
            let number = Self.number(descriptor)?.text ?? ""
            try? descriptor.close()
            throw RunError(
                "\(path) is in use\(number.isEmpty ? "" : " by process \(number)"); name another one: --pid-file FILE")
        }
        let text = "\(getpid())\n"
        _ = ftruncate(descriptor.rawValue, 0)
        _ = text.withCString { pwrite(descriptor.rawValue, $0, strlen($0), 0) }
    }

    /// Empties the file as well: its folder may belong to another user by now.
    func remove() {
        _ = ftruncate(descriptor.rawValue, 0)
        unlink(path)
        try? descriptor.close()
    }

    /// The running process that holds the file; nil if there is none, or no file.
    static func holder(_ path: String) -> Int32? {
        guard
            let descriptor = try? FileDescriptor.open(
                path, .readOnly, options: [.noFollow, .closeOnExec, .nonBlocking])
        else { return nil }
        defer { try? descriptor.close() }
        guard !lock(descriptor), let content = number(descriptor) else { return nil }
        return Int32(content.text)
    }

    /// Sends SIGTERM to the process that holds the file, and waits until it holds it no longer. Returns false if it cannot, or
    /// if the process takes more than ten seconds.
    static func end(_ process: Int32, _ path: String) -> Bool {
        guard kill(process, SIGTERM) == 0 else { return false }
        for _ in 0..<500 where holder(path) == process { usleep(20_000) }
        return holder(path) != process
    }

    /// Removes the file if it is one of this program, and no process holds it. Returns whether it did.
    static func removeRemainder(_ path: String) -> Bool {
        guard
            let descriptor = try? FileDescriptor.open(
                path, .readOnly, options: [.noFollow, .closeOnExec, .nonBlocking])
        else { return false }
        defer { try? descriptor.close() }
        guard lock(descriptor), let content = number(descriptor), content.isNumber else { return false }
        return unlink(path) == 0
    }

    private static func lock(_ descriptor: FileDescriptor) -> Bool {
        flock(descriptor.rawValue, LOCK_EX | LOCK_NB) == 0
    }

    /// The content; nil if it is longer than a number.
    private static func number(_ descriptor: FileDescriptor) -> (text: String, isNumber: Bool)? {
        var bytes = [UInt8](repeating: 0, count: 32)
        let count = pread(descriptor.rawValue, &bytes, bytes.count, 0)
        guard count >= 0, count < bytes.count else { return nil }
        let text = String(decoding: bytes[..<count].prefix { $0 != 0x0a }, as: UTF8.self)
        return (text, text.isEmpty || Int32(text) != nil)
    }
}
