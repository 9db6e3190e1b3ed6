import FilterInterpreter
import PacketFilter

/// Packets for tests, built from the inside out: bytes from L3 on.
enum PacketBuilder {
    static func tcp(_ source: UInt16, _ destination: UInt16, flags: UInt8 = 2) -> [UInt8] {
        bytes(source) + bytes(destination) + [0, 0, 0, 1, 0, 0, 0, 2, 0x50, flags, 1, 0, 0, 0, 0, 0]
    }

    static func udp(_ source: UInt16, _ destination: UInt16, _ payload: [UInt8] = []) -> [UInt8] {
        bytes(source) + bytes(destination) + bytes(UInt16(8 + payload.count)) + [0, 0] + payload
    }

    static func ipv4(_ source: [UInt8], _ destination: [UInt8], _ proto: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [0x45, 0] + bytes(UInt16(20 + payload.count)) + [0, 1, 0, 0, 64, proto, 0, 0] + source + destination + payload
    }

    /// 2001:db8::`source` to 2001:db8::`destination`.
    static func ipv6(_ source: UInt8, _ destination: UInt8, _ next: UInt8, _ payload: [UInt8]) -> [UInt8] {
        let network: [UInt8] = [0x20, 0x01, 0x0d, 0xb8] + Array(repeating: 0, count: 11)
        return [0x60, 0, 0, 0] + bytes(UInt16(payload.count)) + [next, 64] + network + [source] + network
            + [destination] + payload
    }

    static func frame(_ etherType: UInt16, _ payload: [UInt8]) -> [UInt8] {
        [2, 0, 0, 0, 0, 8, 2, 0, 0, 0, 0, 7] + bytes(etherType) + payload
    }

    static func vxlan(_ frame: [UInt8]) -> [UInt8] { udp(50000, 4789, [8, 0, 0, 0, 0, 0, 42, 0] + frame) }

    static func bytes(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xff)] }
}

extension ReplayFilter {
    /// The same packet, as from a recording.
    func matches(_ packet: ExtendedInterpreter.Packet) -> Bool {
        let frame = (packet.ethernet ?? Array(repeating: 0, count: 14)) + packet.linear
        return matches(
            FilteredPacket(
                frame: frame.span.bytes, hasEthernet: packet.ethernet != nil, etherType: packet.ethertype,
                length: packet.length))
    }
}
