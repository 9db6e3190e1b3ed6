import CSyscalls
import Glibc
import PacketFilter
import SystemPackage

/// A packet socket and its ring, which end together.
struct PacketSocket: ~Copyable {
    private let descriptor: PacketDescriptor
    private let memory: UnsafeMutableRawPointer
    let blockCount: Int
    private var ifindex: UInt32 = 0

    /// Room in front of a packet for a VLAN tag; a cooked header replaces the kernel's own.
    static let reserve: UInt32 = 16
    /// ETH_P_ALL, and a number that no protocol has.
    private static let allProtocols: UInt16 = 3
    private static let noProtocol: UInt16 = 0xffff
    /// Holds the largest packet with its header.
    private static let blockBytes = 512 << 10

    /// Receives nothing until `bind`.
    init(_ settings: CaptureSettings) throws(CaptureFailure) {
        let filter: SocketFilter
        do { filter = try settings.filter() } catch { throw .filter(error) }
        let descriptor = try PacketDescriptor(filter)
        let blockCount = max(2, settings.ringBytes / Self.blockBytes)
        var mapping: UnsafeMutableRawPointer?
        let error = nt_packet_ring(
            descriptor.fd, UInt32(Self.blockBytes), UInt32(blockCount), settings.latency, Self.reserve, &mapping)
        guard error == 0, let mapping else {
            throw .ring(bytes: Self.blockBytes * blockCount, Errno(rawValue: -error))
        }
        self.descriptor = descriptor
        self.blockCount = blockCount
        memory = mapping
    }

    deinit { nt_packet_unmap(memory, blockSize * blockCount) }

    private var fd: Int32 { descriptor.fd }
    var blockSize: Int { Self.blockBytes }

    /// - Parameter ifindex: 0 for all devices.
    mutating func bind(_ ifindex: UInt32) throws(CaptureFailure) {
        self.ifindex = ifindex
        let error = nt_packet_bind(fd, ifindex, Self.allProtocols)
        guard error == 0 else { throw .socket(attempt: "bind the packet socket", Errno(rawValue: -error)) }
        // A device that is down: packets come when it is up.
        _ = nt_packet_error(fd)
    }

    /// Receives no further packets; those in the ring stay. Without effect if the device is gone.
    func silence() { _ = nt_packet_bind(fd, ifindex, Self.noProtocol) }

    func makePromiscuous(_ ifindex: UInt32) throws(CaptureFailure) {
        let error = nt_packet_promiscuous(fd, ifindex)
        guard error == 0 else {
            if error == -EPERM { throw .noPermission(to: "make a device promiscuous") }
            throw .socket(attempt: "make a device promiscuous", Errno(rawValue: -error))
        }
    }

    /// Waits for a block, a signal or the timeout, and returns an error of the socket.
    func wait(milliseconds: Int32) throws(CaptureFailure) -> Errno? {
        let ready = nt_packet_wait(fd, milliseconds)
        guard ready >= 0 else { throw .socket(attempt: "wait for packets", Errno(rawValue: -ready)) }
        guard ready > 0 else { return nil }
        let error = nt_packet_error(fd)
        return error == 0 ? nil : Errno(rawValue: error)
    }

    /// The kernel's counts since the last call.
    func takeCounts() throws(CaptureFailure) -> CaptureCounts {
        var (received, lost): (UInt32, UInt32) = (0, 0)
        let error = nt_packet_statistics(fd, &received, &lost)
        guard error == 0 else { throw .socket(attempt: "read the socket's counts", Errno(rawValue: -error)) }
        return CaptureCounts(received: UInt64(received), lost: UInt64(lost))
    }

    func block(_ index: Int) -> UnsafeMutableRawPointer { memory + index * blockSize }
}

/// The socket without its ring, with a filter that nothing can change.
private final class PacketDescriptor {
    let fd: Int32

    init(_ filter: SocketFilter) throws(CaptureFailure) {
        fd = nt_packet_socket()
        guard fd >= 0 else {
            if fd == -EPERM || fd == -EACCES { throw .noPermission(to: "capture packets") }
            throw .socket(attempt: "create a packet socket", Errno(rawValue: -fd))
        }
        let program = filter.instructions.map {
            nt_classic_instruction(code: $0.code, jump_true: $0.jumpTrue, jump_false: $0.jumpFalse, k: $0.k)
        }
        let error = nt_packet_filter(fd, program, program.count)
        guard error == 0 else { throw .filterRefused(Errno(rawValue: -error)) }
    }

    deinit {
        if fd >= 0 { close(fd) }
    }
}

/// Counts of the kernel.
public struct CaptureCounts: Equatable, Sendable {
    /// Packets that the filter accepted, lost ones among them.
    public var received: UInt64 = 0
    /// Packets that found no room in the ring.
    public var lost: UInt64 = 0

    public init(received: UInt64 = 0, lost: UInt64 = 0) {
        self.received = received
        self.lost = lost
    }

    static func += (sum: inout CaptureCounts, more: CaptureCounts) {
        sum.received += more.received
        sum.lost += more.lost
    }
}
