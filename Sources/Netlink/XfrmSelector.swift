import Protocols

/// The packets that an IPsec policy covers (`struct xfrm_selector`, include/uapi/linux/xfrm.h).
public struct XfrmSelector: Hashable, Sendable {
    public var source: IPPrefix
    public var destination: IPPrefix
    /// 0 for all protocols.
    public var ipProtocol: UInt8 = 0
    /// Of ICMP, the type. A bit of the mask that is 0 stands for any value.
    public var sourcePort: UInt16 = 0
    public var sourcePortMask: UInt16 = 0
    /// Of ICMP, the code.
    public var destinationPort: UInt16 = 0
    public var destinationPortMask: UInt16 = 0
    /// Index of the device; 0 for all devices.
    public var device: UInt32 = 0

    static let size = 56

    public init(source: IPPrefix, destination: IPPrefix) {
        (self.source, self.destination) = (source, destination)
    }

    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= Self.size, let family: UInt16 = bytes.number(at: 40),
            let fields = bytes.bytes(at: 42, count: 3).map(Array.init)
        else { return nil }
        let count = family == UInt16(AddressFamily.inet6.rawValue) ? 16 : 4
        guard let to = bytes.bytes(at: 0, count: count).flatMap({ IPAddress($0) }),
            let from = bytes.bytes(at: 16, count: count).flatMap({ IPAddress($0) }),
            let destination = IPPrefix(to, length: Int(fields[0])), let source = IPPrefix(from, length: Int(fields[1]))
        else { return nil }
        self.init(source: source, destination: destination)
        func port(_ offset: Int) -> UInt16 { bytes.number(at: offset).map { UInt16(bigEndian: $0) } ?? 0 }
        ipProtocol = fields[2]
        (destinationPort, destinationPortMask) = (port(32), port(34))
        (sourcePort, sourcePortMask) = (port(36), port(38))
        device = bytes.number(at: 48) ?? 0
    }
}

/// `struct xfrm_mark`
public struct XfrmMark: Hashable, Sendable {
    public var value: UInt32
    public var mask: UInt32

    public init(value: UInt32, mask: UInt32) {
        (self.value, self.mask) = (value, mask)
    }

    init?(_ bytes: ArraySlice<UInt8>) {
        guard let value: UInt32 = bytes.number(), let mask: UInt32 = bytes.number(at: 4) else { return nil }
        self.init(value: value, mask: mask)
    }
}
