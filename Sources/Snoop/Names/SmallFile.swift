public import SystemPackage

extension SystemNames {
    /// The names that this machine knows without asking a server.
    public static func ofThisMachine() -> SystemNames {
        SystemNames(
            hosts: text(of: "/etc/hosts"), services: text(of: "/etc/services"), ethers: text(of: "/etc/ethers"),
            rpc: text(of: "/etc/rpc"))
    }

    /// The text of a file of moderate size; an empty one if it cannot be read.
    private static func text(of path: FilePath) -> String { (try? SmallFile.text(path)) ?? "" }
}

/// A file that is read as a whole.
public enum SmallFile {
    /// The rest of a larger one is ignored.
    private static let limit = 4 << 20

    public static func text(_ path: FilePath) throws(Errno) -> String {
        do {
            let descriptor = try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            return try descriptor.closeAfter {
                var bytes: [UInt8] = []
                var piece = [UInt8](repeating: 0, count: 65536)
                while bytes.count < limit {
                    let count = try piece.withUnsafeMutableBytes { try descriptor.read(into: $0) }
                    guard count > 0 else { break }
                    bytes += piece[..<count]
                }
                return String(decoding: bytes, as: UTF8.self)
            }
        } catch {
            throw error as? Errno ?? .ioError
        }
    }
}
