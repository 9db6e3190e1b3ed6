internal import Glibc
internal import SystemPackage

/// Names in a folder, without hidden ones; empty if the folder cannot be read.
func entries(of folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
        let name = withUnsafePointer(to: &entry.pointee.d_name) {
            $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
        }
        if !name.hasPrefix(".") { names.append(name) }
    }
    return names
}

/// The text of a file, up to `limit` bytes; nil if the file cannot be read.
func text(_ path: String, limit: Int = 1 << 20) -> String? {
    try? contents(ofFile: path, limit: limit)
}

/// The text of a file, up to `limit` bytes; the rest is left out. open(2), read(2).
func contents(ofFile path: String, limit: Int) throws(Errno) -> String {
    let fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard fd >= 0 else { throw Errno(rawValue: errno) }
    defer { close(fd) }
    return try contents(of: fd, limit: limit)
}

/// Reads text from a descriptor's current position, up to `limit` bytes; the rest is left out. read(2).
func contents(of descriptor: Int32, limit: Int) throws(Errno) -> String {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65536)
    while bytes.count < limit {
        let count = read(descriptor, &buffer, buffer.count)
        if count < 0, errno == EINTR { continue }
        guard count >= 0 else { throw Errno(rawValue: errno) }
        if count == 0 { break }
        bytes += buffer[..<count]
    }
    return String(decoding: bytes.prefix(limit), as: UTF8.self)
}
