public import CaptureFiles

/// A packet in the ring, borrowed from its source until the next one is taken.
public struct CapturedPacket: ~Escapable {
    /// The state of the packet's transport checksum.
    public enum Checksum: Sendable {
        case unknown
        /// The device computes it when it sends the packet: its bytes are not the final ones.
        case notReady
        /// The device or the kernel has found it correct.
        case valid
    }

    /// Bytes, times and place in the source's list of interfaces.
    public let view: PacketView
    public let checksum: Checksum
    /// TCP segments follow each other in one packet, which is cut, or was joined, by the kernel or the device.
    public let isSegmented: Bool
    /// The device's index in its network namespace.
    public let ifindex: UInt32

    @_lifetime(copy view)
    init(_ view: consuming PacketView, _ header: PacketHeader) {
        self.view = view
        checksum = header.checksum
        isSegmented = header.isSegmented
        ifindex = header.ifindex
    }
}
