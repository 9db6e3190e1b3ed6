import CSyscalls
public import CaptureFiles
import Glibc
import Netlink
import PacketFilter

/// Packets of devices, live. They are read in place: nothing is copied before the caller does it.
///
///     var source = try CaptureSource(settings)
///     while !isDone {
///         if try source.next(waiting: 100) { use(source.packet) }
///     }
///     source.stop()
///     while try source.next(waiting: 0) { use(source.packet) }
public struct CaptureSource: ~Copyable {
    private var socket: PacketSocket
    private var links: LinkTable
    private let snapLength: Int
    private let latency: UInt32
    private let isPromiscuous: Bool
    /// The device; nil for all.
    private let device: (index: UInt32, name: String)?
    private var counted = CaptureCounts()
    private var countsTaken: Int64 = 0

    /// The block that is read, or waited for.
    private var block = 0
    private var isHeld = false
    /// Packets of the block that were not yet taken, and the place of the next one.
    private var left: UInt32 = 0
    private var place = 0
    private(set) var header: PacketHeader
    /// The device of the last packet.
    private var last: (index: UInt32, entry: LinkTable.Entry)?
    /// When the kernel has handed over all that it received before `stop`, or before the device was removed.
    private var end: Int64?
    private var failure: CaptureFailure?

    /// Starts capturing. Throws before any packet is received, or not at all.
    public init(_ settings: CaptureSettings) throws(CaptureFailure) {
        var links = try LinkTable(settings)
        var device: (index: UInt32, name: String)?
        if let name = settings.interface {
            guard let link = links.link(named: name) else { throw .unknownInterface(name) }
            links.add(link.index, link.name, link.hardwareType)
            device = (link.index, link.name)
        } else {
            let up = try links.all().filter { $0.flags & Link.Flags.up != 0 }
            guard !up.isEmpty else { throw .noInterfaces }
        }
        let socket = try Self.open(settings, device?.index, links)
        header = PacketHeader(start: UnsafeRawPointer(socket.block(0)))
        self.device = device
        snapLength = settings.clampedSnapLength
        latency = settings.latency
        isPromiscuous = settings.isPromiscuous
        self.links = links
        self.socket = socket
    }

    private static func open(
        _ settings: CaptureSettings, _ device: UInt32?, _ links: LinkTable
    ) throws(CaptureFailure) -> PacketSocket {
        var socket = try PacketSocket(settings)
        if settings.isPromiscuous {
            if let device { try socket.makePromiscuous(device) }
            if device == nil { makePromiscuous(try links.all().map(\.index), socket) }
        }
        try socket.bind(device ?? 0)
        return socket
    }

    /// All interfaces that packets came from so far; the device of the settings is there from the start.
    public var interfaces: [CaptureInterface] { links.interfaces }

    /// Whether the next packet has to be waited for.
    public var isDrained: Bool {
        guard left == 0 else { return false }
        let following = isHeld ? (block + 1) % socket.blockCount : block
        return nt_block_is_ready(socket.block(following)) == 0
    }

    /// The bytes of the packet that `next` has taken.
    var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            let bytes = RawSpan(_unsafeStart: header.start, byteCount: header.captured)
            return _overrideLifetime(bytes, borrowing: self)
        }
    }

    /// The packet that `next` has taken.
    public var packet: CapturedPacket {
        @_lifetime(borrow self)
        get {
            let view = PacketView(
                bytes, wireLength: header.wireLength, time: header.time, linkType: header.linkType,
                interface: header.interface, direction: header.direction)
            return _overrideLifetime(CapturedPacket(view, header), borrowing: self)
        }
    }

    /// Takes the next packet, which is then `packet`. Returns false if none arrives in this time, or a signal does; after
    /// `stop`, if there are no more.
    public mutating func next(waiting milliseconds: Int32) throws(CaptureFailure) -> Bool {
        var hasWaited = false
        while true {
            while left > 0 {
                if take() { return true }
            }
            releaseBlock()
            if nt_block_is_ready(socket.block(block)) != 0 {
                try openBlock()
                continue
            }
            if let end, nanoseconds(CLOCK_MONOTONIC) >= end {
                if let failure { throw failure }
                return false
            }
            guard !hasWaited || end != nil else { return false }
            try wait(end == nil ? milliseconds : Int32(latency))
            hasWaited = true
        }
    }

    /// No packet is received from now on. `next` passes on those that the kernel holds.
    public mutating func stop() {
        socket.silence()
        endSoon()
    }

    /// The kernel's counts since the start.
    public mutating func counts() throws(CaptureFailure) -> CaptureCounts {
        counted += try socket.takeCounts()
        return counted
    }

    /// The kernel hands over a block after twice the latency at the latest (net/packet/af_packet.c,
    /// prb_retire_rx_blk_timer_expired).
    private mutating func endSoon() {
        if end == nil { end = nanoseconds(CLOCK_MONOTONIC) + Int64(3 * latency + 20) * 1_000_000 }
    }

    private mutating func releaseBlock() {
        guard isHeld else { return }
        nt_block_release(socket.block(block))
        isHeld = false
        block = (block + 1) % socket.blockCount
    }

    private mutating func openBlock() throws(CaptureFailure) {
        let start = socket.block(block)
        isHeld = true
        left = nt_block_packets(start)
        place = Int(nt_block_first(start))
        try lookAround()
    }

    private mutating func wait(_ milliseconds: Int32) throws(CaptureFailure) {
        try lookAround()
        // ENETDOWN: the device is down, or gone (packet_notifier).
        guard try socket.wait(milliseconds: milliseconds) != nil, let device, !links.exists(device.index) else {
            return
        }
        failure = .interfaceRemoved(device.name)
        endSoon()
    }

    /// Follows changes of devices. Takes the kernel's counts at times, which have 32 bits.
    private mutating func lookAround() throws(CaptureFailure) {
        let changes = links.follow()
        if changes.isChanged { last = nil }
        if isPromiscuous, device == nil { Self.makePromiscuous(changes.appeared, socket) }
        let now = nanoseconds(CLOCK_MONOTONIC)
        guard now - countsTaken > 1_000_000_000 else { return }
        countsTaken = now
        counted += try socket.takeCounts()
    }

    /// Devices that cannot become promiscuous stay as they are.
    private static func makePromiscuous(_ indexes: [UInt32], _ socket: borrowing PacketSocket) {
        for index in indexes { try? socket.makePromiscuous(index) }
    }

    /// Takes a packet of the block. Returns false if the block does not hold what its header says.
    private mutating func take() -> Bool {
        let bytes = socket.block(block) + place
        let packet = nt_ring_packet(bytes)
        left -= 1
        let room = socket.blockSize - place
        guard Int(packet.link_start) + Int(packet.captured) <= room, packet.link_start <= packet.network_start,
            place + Int(packet.next) < socket.blockSize
        else {
            left = 0
            return false
        }
        place += Int(packet.next)
        let entry = entry(packet)
        header.start = UnsafeRawPointer(bytes + Int(packet.link_start))
        header.captured = Int(packet.captured)
        header.wireLength = Int(packet.wire)
        header.time = Int64(packet.seconds) * 1_000_000_000 + Int64(packet.nanoseconds)
        header.linkType = entry.linkType
        header.interface = entry.number
        header.ifindex = packet.ifindex
        header.type = packet.type
        header.status = packet.status
        switch entry.header {
        case .cooked: header.cook(packet, network: bytes + Int(packet.network_start))
        case .ethernet: header.restoreTag(packet, in: bytes + Int(packet.link_start))
        case .ip: break
        }
        header.captured = min(header.captured, snapLength)
        return true
    }

    private mutating func entry(_ packet: nt_ring_packet) -> LinkTable.Entry {
        if let last, last.index == packet.ifindex { return last.entry }
        let entry = links.entry(packet.ifindex, hardware: packet.hardware)
        last = (packet.ifindex, entry)
        return entry
    }
}
