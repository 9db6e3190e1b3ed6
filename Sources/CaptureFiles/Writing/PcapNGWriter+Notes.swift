public import Text

/// A packet's block of pcapng, but for its bytes and its texts.
public struct PacketFacts: Sendable {
    /// The number of the packet's interface in the section.
    public var interface: Int
    /// Nanoseconds since 1970.
    public var time: Int64
    /// Bytes that the file has, at most `CaptureReader.packetLimit`.
    public var captured: Int
    public var wireLength: Int
    /// epb_flags: direction, reception, checksum and segmentation.
    public var flags = PacketFlags()
    /// The same for all blocks of one packet, of any interface.
    public var number: UInt64?
    /// The queue of the device.
    public var queue: UInt32?
    /// The process and the thread that handled the packet.
    public var process: (pid: UInt32, tid: UInt32)?

    public init(interface: Int, time: Int64, captured: Int, wireLength: Int) {
        self.interface = interface
        self.time = time
        self.captured = min(captured, CaptureReader.packetLimit)
        self.wireLength = max(wireLength, self.captured)
    }
}

/// epb_flags (draft-ietf-opsawg-pcapng, *Enhanced Packet Block Flags Word*).
public struct PacketFlags: OptionSet, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    public static let inbound = PacketFlags(rawValue: 1)
    public static let outbound = PacketFlags(rawValue: 2)
    public static let unicast = PacketFlags(rawValue: 1 << 2)
    public static let multicast = PacketFlags(rawValue: 2 << 2)
    public static let broadcast = PacketFlags(rawValue: 3 << 2)
    /// The checksum is not complete: the device was to complete it.
    public static let sumPending = PacketFlags(rawValue: 1 << 9)
    /// A device has found the checksum right.
    public static let sumValid = PacketFlags(rawValue: 1 << 10)
    /// The device was to cut the packet into segments.
    public static let segments = PacketFlags(rawValue: 1 << 11)
}

extension PcapNGWriter {
    /// Begins a packet's block, which the caller goes on with texts and completes with `endPacket`.
    ///
    /// - Parameter bytes: appends exactly the captured bytes.
    /// - Returns: the place of the block, for `endPacket`.
    public func beginPacket(
        _ facts: PacketFacts, to buffer: inout ByteBuffer, _ bytes: (inout ByteBuffer) -> Void
    ) -> Int {
        let block = begin(PcapNGBlock.packet, &buffer)
        buffer.append(UInt32(clamping: facts.interface), order)
        append(time: facts.time, &buffer)
        buffer.append(UInt32(facts.captured), order)
        buffer.append(UInt32(clamping: facts.wireLength), order)
        bytes(&buffer)
        buffer.pad(after: facts.captured)
        if !facts.flags.isEmpty {
            appendHead(OptionCode.packetFlags, 4, &buffer)
            buffer.append(facts.flags.rawValue, order)
        }
        append(OptionCode.packetID, number: facts.number, &buffer)
        if let queue = facts.queue {
            appendHead(OptionCode.packetQueue, 4, &buffer)
            buffer.append(queue, order)
        }
        if let process = facts.process {
            appendHead(OptionCode.packetProcess, 8, &buffer)
            buffer.append(process.pid, order)
            buffer.append(process.tid, order)
        }
        return block
    }

    /// Begins an option of a packet's block; the caller appends its value.
    public func beginOption(_ code: UInt16, _ buffer: inout ByteBuffer) -> Int {
        let start = buffer.count
        buffer.append(code, order)
        buffer.append(UInt16(0), order)
        return start
    }

    /// Ends the option that begins at `start`; takes it back if it is empty or longer than an option can be.
    public func endOption(_ start: Int, _ buffer: inout ByteBuffer) {
        let size = buffer.count - start - 4
        guard size > 0, size <= OptionCode.longestValue else { return buffer.truncate(to: start) }
        buffer.pad(after: size)
        let code = UInt16(truncatingIfNeeded: buffer.bytes.u16(start, order))
        let head =
            order == .bigEndian
            ? UInt32(code.byteSwapped) | UInt32(UInt16(size).byteSwapped) << 16
            : UInt32(code) | UInt32(size) << 16
        buffer.replace(at: start, head)
    }

    /// Completes the block that begins at `block`.
    public func endPacket(_ block: Int, _ buffer: inout ByteBuffer) {
        end(block, &buffer)
    }

    /// Places in a packet's block: of the two halves of its time, the upper one first.
    public static let timePlaces = (upper: 12, lower: 16)
}
