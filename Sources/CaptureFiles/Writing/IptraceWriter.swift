public import Text

/// Makes files of AIX's iptrace: interfaces with short names, directions, times in nanoseconds (version 1.0: in seconds),
/// and no length on the wire.
public struct IptraceWriter {
    private let hasNanoseconds: Bool

    public init() {
        self.init(.iptrace2)
    }

    init(_ format: CaptureFormat) {
        hasNanoseconds = format == .iptrace2
    }

    public func appendHeader(to buffer: inout ByteBuffer) {
        buffer.append(contentsOf: hasNanoseconds ? CaptureFormat.iptrace2Magic : CaptureFormat.iptrace1Magic)
    }

    /// Appends a packet of an interface. Returns false, and appends nothing, if the format has no number for the
    /// packet's link type.
    public func append(
        _ packet: borrowing PacketView, _ interface: IptraceInterface, to buffer: inout ByteBuffer
    ) -> Bool {
        guard let type = IptraceInterfaceType(packet.linkType) else { return false }
        let (seconds, nanoseconds) = packet.secondsAndNanoseconds
        let bytes = packet.writtenBytes
        let padding = type == .fddi ? IptraceParser.fddiPadding : 0
        let header = hasNanoseconds ? IptraceParser.headerSize2 : IptraceParser.headerSize1
        buffer.append(UInt32(header + padding + bytes.byteCount), .bigEndian)
        buffer.append(seconds, .bigEndian)
        // Three bytes of unknown meaning and the unit.
        buffer.append(UInt32(interface.unit), .bigEndian)
        buffer.append(interface.prefix, .bigEndian)
        buffer.append(UInt64(0), .bigEndian)
        buffer.append(UInt32(0), .bigEndian)
        buffer.append(type.rawValue)
        buffer.append(packet.direction == .outbound ? 1 : 0)
        if hasNanoseconds {
            buffer.append(UInt16(0), .bigEndian)
            buffer.append(seconds, .bigEndian)
            buffer.append(nanoseconds, .bigEndian)
        }
        buffer.append(0, size: padding)
        buffer.append(bytes)
        return true
    }
}

/// The name of an interface as the format has it: up to four characters and a number up to 255.
public struct IptraceInterface: Equatable, Sendable {
    /// The characters, the first one highest.
    let prefix: UInt32
    let unit: UInt8

    /// Returns nil if the name does not have this form, as most names of Linux.
    public init?(_ name: String) {
        let letters = name.utf8.prefix { !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) && $0 != 0 }
        let digits = name.utf8.dropFirst(letters.count)
        guard (1...4).contains(letters.count), digits.first != UInt8(ascii: "0") || digits.count == 1,
            digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let unit = UInt8(String(decoding: digits, as: UTF8.self))
        else { return nil }
        self.unit = unit
        prefix = letters.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (4 - letters.count))
    }
}

extension IptraceInterfaceType {
    init?(_ linkType: LinkType) {
        switch linkType {
        case .ethernet: self = .ethernet
        case .tokenRing: self = .tokenRing
        case .fddi: self = .fddi
        case .ip, .ipv4, .ipv6: self = .loopback
        default: return nil
        }
    }
}
