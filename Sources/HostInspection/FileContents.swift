internal import Glibc
internal import SystemPackage

/// The text of what is open at a descriptor, from where it stands; what is beyond `limit` bytes is left out. read(2).
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
