import Glibc

/// Datagrams from this process to itself over 127.0.0.1, each received before the next is sent: none is dropped, and
/// all packets take the same path.
struct LoopbackLoad: ~Copyable {
    /// A prime: a figure that is a multiple of it counts packets.
    static let packetCount = 20_011

    /// Destination port of the datagrams.
    let port: UInt16
    private let sender: Int32
    private let receiver: Int32
    private static let payload = [UInt8](repeating: 0x6e, count: 64)

    init() throws(BenchmarkError) {
        receiver = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        sender = socket(AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let (sender, receiver) = (sender, receiver)
        let isReady = withUnsafeMutablePointer(to: &address) { address in
            address.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                var size = socklen_t(MemoryLayout<sockaddr_in>.size)
                return bind(receiver, address, size) == 0 && getsockname(receiver, address, &size) == 0
                    && connect(sender, address, size) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        guard isReady else { throw BenchmarkError(failed: "open sockets on 127.0.0.1") }
    }

    deinit {
        close(sender)
        close(receiver)
    }

    /// Sends and receives `packets` datagrams; returns the nanoseconds per packet.
    func run(packets: Int = packetCount) throws(BenchmarkError) -> Double {
        var failed = false
        let time = Self.payload.withUnsafeBytes { payload in
            withUnsafeTemporaryAllocation(byteCount: 2048, alignment: 1) { received in
                nanoseconds {
                    for _ in 0..<packets {
                        guard send(sender, payload.baseAddress, payload.count, 0) == payload.count,
                            recv(receiver, received.baseAddress, received.count, 0) == payload.count
                        else {
                            failed = true
                            return
                        }
                    }
                }
            }
        }
        guard !failed else { throw BenchmarkError(failed: "send datagrams over 127.0.0.1") }
        return time / Double(packets)
    }
}
