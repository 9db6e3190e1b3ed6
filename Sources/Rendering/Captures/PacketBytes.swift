import CaptureFiles
import Events
import Text

/// The bytes of a packet as they go to the file, with the header that its link type wants.
struct PacketBytes {
    let linkType: LinkType
    /// Bytes in the file, and of the whole packet.
    let captured: Int
    let wireLength: Int
    private let isCooked: Bool
    private let startsAtLink: Bool

    /// struct sll2_header of libpcap: protocol, 0, index, ARPHRD_, packet type, size of the address, address.
    private static let cookedSize = 20
    private static let linkSize = 14

    init(_ payload: borrowing PayloadSection, _ settings: PacketFileSettings) {
        startsAtLink = payload.startsAtLink
        isCooked = settings.isCooked
        let added = isCooked ? Self.cookedSize - (startsAtLink ? Self.linkSize : 0) : 0
        linkType = isCooked ? .linuxSLL2 : startsAtLink ? .ethernet : .ip
        let count = isCooked && startsAtLink ? max(payload.count, Self.linkSize) : payload.count
        captured = min(count + added, settings.limit, CaptureReader.packetLimit)
        wireLength = max(payload.length + added, captured)
    }

    /// Appends `captured` bytes.
    func append(_ payload: borrowing PayloadSection, device: UInt32, flags: PacketFlags, to buffer: inout ByteBuffer) {
        let start = buffer.count
        if isCooked { appendCookedHeader(payload, device: device, flags: flags, &buffer) }
        var skipped = isCooked && startsAtLink ? Self.linkSize : 0
        payload.forEachPiece { piece in
            let rest = piece.extracting(droppingFirst: min(skipped, piece.byteCount))
            skipped -= piece.byteCount - rest.byteCount
            buffer.append(rest.extracting(first: max(0, captured - (buffer.count - start))))
        }
        buffer.truncate(to: start + captured)
    }

    private func appendCookedHeader(
        _ payload: borrowing PayloadSection, device: UInt32, flags: PacketFlags, _ buffer: inout ByteBuffer
    ) {
        let type =
            startsAtLink ? UInt16(payload[12]) << 8 | UInt16(payload[13]) : payload[0] >> 4 == 4 ? 0x0800 : 0x86dd
        // Below 1,536 it is the length of an LLC packet: LINUX_SLL_P_802_2.
        appendBigEndian(UInt64(type < 1536 ? 4 : type), 2, &buffer)
        appendBigEndian(0, 2, &buffer)
        appendBigEndian(UInt64(device), 4, &buffer)
        // ARPHRD_ETHER, ARPHRD_NONE
        appendBigEndian(startsAtLink ? 1 : 0xfffe, 2, &buffer)
        appendBigEndian(Self.packetType(flags), 1, &buffer)
        appendBigEndian(startsAtLink ? 6 : 0, 1, &buffer)
        for index in 0..<8 { buffer.append(startsAtLink && index < 6 ? payload[6 + index] : 0) }
    }

    /// LINUX_SLL_HOST, _BROADCAST, _MULTICAST, _OUTGOING
    private static func packetType(_ flags: PacketFlags) -> UInt64 {
        if flags.contains(.outbound) { return 4 }
        if flags.contains(.broadcast) { return 1 }
        return flags.contains(.multicast) ? 2 : 0
    }

    private func appendBigEndian(_ value: UInt64, _ size: Int, _ buffer: inout ByteBuffer) {
        buffer.append((value << UInt64(64 - 8 * size)).byteSwapped, size: size)
    }
}

extension PacketFlags {
    /// - Parameter payload: of an event at the edge of a device, as far as `direction` is known.
    init(_ payload: borrowing PayloadSection, _ direction: PacketView.Direction) {
        self = direction == .inbound ? .inbound : direction == .outbound ? .outbound : []
        if payload.startsAtLink, payload.count >= 6 {
            let isAll = (0..<6).allSatisfy { payload[$0] == 0xff }
            formUnion(isAll ? .broadcast : payload[0] & 1 == 1 ? .multicast : .unicast)
        }
        if payload.offload.contains(.sumPending) { insert(.sumPending) }
        if payload.offload.contains(.sumValid) { insert(.sumValid) }
        if payload.offload.contains(.segments) { insert(.segments) }
    }
}
