import CaptureFiles
import Events

/// A packet as it passed a device, with memory of its own.
struct PacketImage {
    /// The device, and whether the bytes begin with the Ethernet header.
    struct Interface: Hashable {
        var netns: UInt32
        var index: UInt32
        var isEthernet: Bool
    }

    var interface: Interface
    var skb: UInt64
    /// The name of the device.
    var name: [UInt8]
    /// By the clock of events.
    var time: UInt64
    var bytes: [UInt8]
    var wireLength: Int
    var direction = PacketView.Direction.unknown

    /// Returns nil if the event shows no device or no bytes, or if these are of a protocol that no link type announces:
    /// without a link header only IP can be recognised.
    init?(_ event: EventView, direction: PacketView.Direction) {
        guard let device = event.device, device.ifindex != 0, let payload = event.payload, payload.count > 0,
            payload.startsAtLink || payload[0] >> 4 == 4 || payload[0] >> 4 == 6
        else { return nil }
        interface = Interface(netns: device.netns, index: device.ifindex, isEthernet: payload.startsAtLink)
        skb = event.skb
        name = device.name.withUnsafeBytes { [UInt8]($0) }
        time = event.timestamp
        bytes = (0..<payload.count).map { payload[$0] }
        wireLength = payload.length
        self.direction = direction
    }

    /// Whether both are the same packet on the same device.
    func isSame(as other: PacketImage) -> Bool {
        skb == other.skb && interface.netns == other.interface.netns && interface.index == other.interface.index
    }
}
