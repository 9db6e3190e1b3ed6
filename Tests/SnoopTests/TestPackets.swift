import Protocols

/// Frames that a test makes byte by byte.
enum TestPackets {
    static func big16(_ value: Int) -> [UInt8] {
        [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
    }

    static func big32(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
    }

    static func ipv4(
        _ number: UInt8, _ payload: [UInt8], from source: UInt8 = 1, to destination: UInt8 = 2, id: Int = 7,
        fragment: Int = 0
    ) -> [UInt8] {
        [UInt8](repeating: 2, count: 12) + [8, 0] + [0x45, 0] + big16(20 + payload.count) + big16(id) + big16(fragment)
            + [64, number, 0, 0, 10, 0, 0, source, 10, 0, 0, destination] + payload
    }

    /// From port 5000 of 10.0.0.1 to `port` of 10.0.0.2, or back.
    static func tcp(
        _ sequence: UInt32, _ data: [UInt8], port: Int = 443, acknowledging: UInt32 = 0, flags: UInt8 = 0x10,
        window: Int = 1000, isBack: Bool = false, client: Int = 5000
    ) -> [UInt8] {
        let ports = isBack ? big16(port) + big16(client) : big16(client) + big16(port)
        let header = ports + big32(sequence) + big32(acknowledging) + [0x50, flags] + big16(window) + [0, 0, 0, 0]
        return ipv4(6, header + data, from: isBack ? 2 : 1, to: isBack ? 1 : 2)
    }

    static func udp(_ data: [UInt8], port: Int = 53) -> [UInt8] {
        big16(5000) + big16(port) + big16(8 + data.count) + [0, 0] + data
    }

    /// A client's hello of at least `size` bytes, with the name `www.example.com` and the protocol `h2` after padding.
    static func hello(size: Int = 1700) -> [UInt8] {
        let name = Array("www.example.com".utf8)
        let server = big16(0) + big16(name.count + 5) + big16(name.count + 3) + [0] + big16(name.count) + name
        let alpn = big16(16) + big16(5) + big16(3) + [2] + Array("h2".utf8)
        let padding = max(0, size - 100 - server.count - alpn.count)
        let extensions = big16(21) + big16(padding) + [UInt8](repeating: 0, count: padding) + server + alpn
        let body =
            [3, 3] + [UInt8](repeating: 9, count: 32) + [0] + big16(2) + [0x13, 1] + [1, 0] + big16(extensions.count)
            + extensions
        let message = [1, 0] + big16(body.count) + body
        return [22, 3, 1] + big16(message.count) + message
    }
}
