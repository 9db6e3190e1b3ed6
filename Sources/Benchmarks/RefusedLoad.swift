import Glibc

/// Datagrams from this process to a closed port of 127.0.0.1: the kernel drops each of them, on the sender's CPU and
/// before the system call returns.
struct RefusedLoad: ~Copyable {
    /// A prime: a figure that is a multiple of it counts packets.
    static let packetCount = 20_011

    private let sender: Int32
    private let address: sockaddr_in

    init() throws(BenchmarkError) {
        sender = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        address = try Self.closedPort()
    }

    deinit { close(sender) }

    /// A port that the kernel has just assigned to a socket that is closed again.
    private static func closedPort() throws(BenchmarkError) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let listener = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        defer { close(listener) }
        let isBound = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                var size = socklen_t(MemoryLayout<sockaddr_in>.size)
                return bind(listener, address, size) == 0 && getsockname(listener, address, &size) == 0
            }
        }
        guard isBound else { throw BenchmarkError(failed: "find a closed port on 127.0.0.1") }
        return address
    }

    /// Sends the datagrams; returns the nanoseconds per packet. The socket is not connected, so that it does not
    /// receive the ICMP errors.
    func run() throws(BenchmarkError) -> Double {
        var failed = false
        let payload = [UInt8](repeating: 0x6e, count: 64)
        let (sender, address) = (sender, address)
        let time = payload.withUnsafeBytes { payload in
            withUnsafePointer(to: address) { address in
                address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                    nanoseconds {
                        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
                        for _ in 0..<Self.packetCount
                        where sendto(sender, payload.baseAddress, payload.count, 0, address, size) != payload.count {
                            failed = true
                        }
                    }
                }
            }
        }
        guard !failed else { throw BenchmarkError(failed: "send datagrams to a closed port") }
        return time / Double(Self.packetCount)
    }
}
