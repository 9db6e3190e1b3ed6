import CSyscalls
import CaptureFiles

/// All that a ring says about the packet that was taken last.
struct PacketHeader {
    /// The first byte of the packet.
    var start: UnsafeRawPointer
    var captured = 0
    var wireLength = 0
    var time: Int64 = 0
    var linkType = LinkType.unknown
    var interface = 0
    var ifindex: UInt32 = 0
    var type: UInt8 = 0
    var status: UInt32 = 0

    /// PACKET_OUTGOING (include/uapi/linux/if_packet.h).
    private static let outgoing: UInt8 = 4
    /// TP_STATUS_CSUMNOTREADY, _CSUM_VALID, _GSO_TCP.
    private static let checksumNotReady: UInt32 = 1 << 3
    private static let checksumValid: UInt32 = 1 << 7
    private static let segments: UInt32 = 1 << 8

    var direction: PacketView.Direction { type == Self.outgoing ? .outbound : .inbound }
    var isSegmented: Bool { status & Self.segments != 0 }

    var checksum: CapturedPacket.Checksum {
        if status & Self.checksumNotReady != 0 { return .notReady }
        return status & Self.checksumValid != 0 ? .valid : .unknown
    }
}

extension PacketHeader {
    /// TP_STATUS_VLAN_VALID, TP_STATUS_VLAN_TPID_VALID.
    private static let hasTag: UInt32 = 1 << 4
    private static let hasTagProtocol: UInt32 = 1 << 6
    private static let customerTag: UInt16 = 0x8100
    private static let tagSize = 4
    /// Both addresses of an Ethernet header, which the tag follows.
    private static let addressSize = 12
    private static let cookedSize = 20

    /// Puts a VLAN tag back that the kernel has taken out of the frame. The ring has room in front of the packet.
    mutating func restoreTag(_ packet: nt_ring_packet, in bytes: UnsafeMutableRawPointer) {
        guard packet.vlan_tag != 0 || packet.status & Self.hasTag != 0, captured >= Self.addressSize else { return }
        let tagged = bytes - Self.tagSize
        tagged.copyMemory(from: bytes, byteCount: Self.addressSize)
        let tagProtocol = packet.status & Self.hasTagProtocol != 0 ? packet.vlan_protocol : Self.customerTag
        tagged.storeBytes(of: tagProtocol.bigEndian, toByteOffset: Self.addressSize, as: UInt16.self)
        tagged.storeBytes(of: packet.vlan_tag.bigEndian, toByteOffset: Self.addressSize + 2, as: UInt16.self)
        start = UnsafeRawPointer(tagged)
        captured += Self.tagSize
        wireLength += Self.tagSize
    }

    /// Replaces the link header by that of LINKTYPE_LINUX_SLL2: protocol, 2 reserved, ifindex, ARPHRD_, PACKET_, length
    /// of the address, address 8.
    mutating func cook(_ packet: nt_ring_packet, network: UnsafeMutableRawPointer) {
        let link = max(0, Int(packet.network_start) - Int(packet.link_start))
        let header = network - Self.cookedSize
        header.storeBytes(of: packet.protocol.bigEndian, as: UInt16.self)
        header.storeBytes(of: 0, toByteOffset: 2, as: UInt16.self)
        header.storeBytes(of: packet.ifindex.bigEndian, toByteOffset: 4, as: UInt32.self)
        header.storeBytes(of: packet.hardware.bigEndian, toByteOffset: 8, as: UInt16.self)
        header.storeBytes(of: packet.type, toByteOffset: 10, as: UInt8.self)
        header.storeBytes(of: packet.address_size, toByteOffset: 11, as: UInt8.self)
        withUnsafeBytes(of: packet.address) { (header + 12).copyMemory(from: $0.baseAddress!, byteCount: 8) }
        start = UnsafeRawPointer(header)
        captured = max(0, captured - link) + Self.cookedSize
        wireLength = max(0, wireLength - link) + Self.cookedSize
    }
}
