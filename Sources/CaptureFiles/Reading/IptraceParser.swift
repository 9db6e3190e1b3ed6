/// Files of AIX's iptrace, with big-endian numbers:
///
///     file   = "iptrace 2.0", packets
///     packet = size u32 | seconds u32 | 3 unused | unit u8 | name 4 | text 12 | type u8 | sent u8 | rest | bytes
///
/// The size counts from the unused bytes on. The rest is missing in version 1.0; in 2.0 it is 2 unused bytes, and the
/// time as seconds u32 and nanoseconds u32. There is no length on the wire.
struct IptraceParser: CaptureParser {
    /// Size and seconds, which the size of a record does not count.
    static let prefixSize = 8
    /// The header after them.
    static let headerSize1 = 22
    static let headerSize2 = 32
    /// FDDI frames begin with three bytes of padding.
    static let fddiPadding = 3

    private struct Key: Hashable {
        let name: UInt32
        let unit: UInt8
        let type: UInt8
    }

    /// The header of a packet.
    private struct Header {
        let size: Int
        let time: Int64
        let key: Key
        let direction: PacketView.Direction

        @inline(__always)
        init(_ bytes: RawSpan, hasNanoseconds: Bool) {
            size = Int(bytes.u32(0, .bigEndian))
            key = Key(name: bytes.u32(12, .bigEndian), unit: bytes.u8(11), type: bytes.u8(28))
            direction = bytes.u8(29) == 0 ? .inbound : .outbound
            let seconds = Int64(bytes.u32(hasNanoseconds ? 32 : 4, .bigEndian))
            time = seconds * 1_000_000_000 + (hasNanoseconds ? Int64(bytes.u32(36, .bigEndian)) : 0)
        }
    }

    private let hasNanoseconds: Bool
    private var interfaces: [Key: Int] = [:]
    private var last: (key: Key, interface: Int)?

    init(_ format: CaptureFormat, _ input: inout CaptureInput) {
        hasNanoseconds = format == .iptrace2
        input.consume(CaptureFormat.magicSize)
    }

    mutating func next(
        _ input: inout CaptureInput, _ record: inout PacketRecord, _ contents: inout CaptureContents
    ) throws(CaptureFault) -> Bool {
        let headerSize = hasNanoseconds ? Self.headerSize2 : Self.headerSize1
        let ready = try input.require(Self.prefixSize + headerSize)
        guard ready > 0 else { return false }
        guard ready >= Self.prefixSize + headerSize else { throw .truncated("the header of a packet") }
        let header = Header(input.bytes, hasNanoseconds: hasNanoseconds)
        let captured = header.size - headerSize
        guard captured >= 0 else {
            throw .malformed("a record of \(header.size) bytes, and its header has \(headerSize)")
        }
        try requirePacket(captured, after: Self.prefixSize + headerSize, &input)
        input.consume(Self.prefixSize + headerSize)
        let place = input.consume(captured)
        record.interface = try interface(header.key, &contents)
        record.linkType = contents.interfaces[record.interface].linkType
        record.bytes = record.linkType == .fddi ? place.dropFirst(Self.fddiPadding) : place
        record.wireLength = record.bytes.count
        record.time = header.time
        record.direction = header.direction
        return true
    }

    private mutating func interface(_ key: Key, _ contents: inout CaptureContents) throws(CaptureFault) -> Int {
        if let last, last.key == key { return last.interface }
        let found: Int
        if let known = interfaces[key] {
            found = known
        } else {
            found = contents.interfaces.count
            guard found < CaptureContents.interfaceLimit else {
                throw .malformed("packets of more than \(CaptureContents.interfaceLimit) interfaces")
            }
            contents.interfaces.append(
                CaptureInterface(
                    name: name(key), linkType: IptraceInterfaceType(rawValue: key.type)?.linkType ?? .unknown))
            interfaces[key] = found
        }
        last = (key, found)
        return found
    }

    private func name(_ key: Key) -> String {
        let bytes = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: key.name >> UInt32($0)) }
        return String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) + String(key.unit)
    }
}

/// Types of interfaces in SNMP's numbers, as far as their packets are known.
enum IptraceInterfaceType: UInt8 {
    case x25 = 4
    case ethernet = 6
    case ieee8023 = 7
    case tokenRing = 9
    case serialIP = 12
    case fddi = 15
    case loopback = 24
    case virtualIP = 61

    var linkType: LinkType {
        switch self {
        case .ethernet, .ieee8023: .ethernet
        case .tokenRing: .tokenRing
        case .fddi: .fddi
        case .x25, .serialIP, .loopback, .virtualIP: .ip
        }
    }
}
