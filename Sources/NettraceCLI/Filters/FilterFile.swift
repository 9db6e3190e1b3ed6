import ArgumentParser
import Glibc

/// Reads a filter expression from a file (`-F`). Line ends count as spaces, as in tcpdump.
enum FilterFile {
    /// Longer than any filter that fits into a program.
    private static let limit = 1 << 20

    static func expression(_ path: String) throws -> String {
        let fd = path == "-" ? 0 : open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else {
            throw ValidationError("--filter-file '\(path)': \(String(cString: strerror(errno)))")
        }
        defer { if fd != 0 { close(fd) } }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = read(fd, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw ValidationError("--filter-file '\(path)': \(String(cString: strerror(errno)))")
            }
            if count == 0 { break }
            bytes += buffer[..<count]
            guard bytes.count <= limit else {
                throw ValidationError("--filter-file '\(path)': more than 1 MiB, which no filter can be")
            }
        }
        let text = String(decoding: bytes.map { $0 < 0x20 ? 0x20 : $0 }, as: UTF8.self)
        guard text.contains(where: { $0 != " " }) else {
            throw ValidationError("--filter-file '\(path)': the file holds no expression")
        }
        return text
    }
}
