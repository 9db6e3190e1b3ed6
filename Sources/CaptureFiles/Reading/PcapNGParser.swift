/// Files of pcapng: blocks, each with its type, its size and, after its contents, its size again.
///
///     block = type u32 | size u32 | contents, multiple of 4 bytes | size u32
///
/// A section header begins a section, whose byte order it shows and whose interfaces are numbered from 0. Blocks of types
/// that are not known, or have no use here (secrets, custom data, journals), are skipped.
struct PcapNGParser: CaptureParser {
    private var order = ByteOrder.littleEndian
    /// The first interface of the section among those of the file.
    private var firstInterface = 0

    mutating func next(
        _ input: inout CaptureInput, _ record: inout PacketRecord, _ contents: inout CaptureContents
    ) throws(CaptureFault) -> Bool {
        while true {
            record.offset = input.offset
            let ready = try input.require(PcapNGBlock.overhead)
            guard ready > 0 else { return false }
            guard ready >= PcapNGBlock.overhead else { throw .truncated("the head of a block") }
            if input.bytes.u32(0, .bigEndian) == PcapNGBlock.section { order = try Self.order(input.bytes) }
            let type = input.bytes.u32(0, order)
            let size = Int(input.bytes.u32(4, order))
            guard size >= PcapNGBlock.overhead, size % 4 == 0 else {
                throw .malformed("a block of \(size) bytes, and their number is a multiple of 4, 12 or more")
            }
            guard PcapNGBlock.isRead(type) else {
                try skip(size, &input)
                continue
            }
            guard size <= CaptureInput.maximum else {
                throw .malformed("a block of \(size) bytes, and none that counts has more than \(CaptureInput.maximum)")
            }
            guard try input.require(size) >= size else { throw .truncated("a block of \(size) bytes") }
            guard input.bytes.u32(size - 4, order) == size else { throw Self.differentSizes }
            let place = input.consume(size)
            let body = place.lowerBound + 8..<place.upperBound - 4
            if PcapNGBlock.isPacket(type) {
                try packet(type, body, input.buffer, &record, &contents)
                return true
            }
            try describe(type, input.buffer.extracting(body), &contents)
        }
    }

    private static let differentSizes = CaptureFault.malformed("a block whose two sizes differ")

    /// The byte order of the section whose header begins here.
    private static func order(_ bytes: RawSpan) throws(CaptureFault) -> ByteOrder {
        switch bytes.u32(8, .bigEndian) {
        case PcapNGBlock.orderMagic: return .bigEndian
        case PcapNGBlock.orderMagic.byteSwapped: return .littleEndian
        default: throw .malformed("a section without its mark of the byte order")
        }
    }

    private func skip(_ size: Int, _ input: inout CaptureInput) throws(CaptureFault) {
        guard try input.skip(UInt64(size - 4)), try input.require(4) >= 4 else {
            throw .truncated("a block of \(size) bytes")
        }
        guard input.bytes.u32(0, order) == size else { throw Self.differentSizes }
        input.consume(4)
    }

    /// Reads a block that describes the capture.
    private mutating func describe(
        _ type: UInt32, _ body: RawSpan, _ contents: inout CaptureContents
    ) throws(CaptureFault) {
        switch type {
        case PcapNGBlock.section:
            try contents.readSection(body, order)
            firstInterface = contents.interfaces.count
        case PcapNGBlock.interface: try contents.readInterface(body, order)
        case PcapNGBlock.names: try contents.readNames(body, order)
        default: try contents.readStatistics(body, order, firstInterface: firstInterface)
        }
    }

    private func packet(
        _ type: UInt32, _ place: Range<Int>, _ buffer: RawSpan, _ record: inout PacketRecord,
        _ contents: inout CaptureContents
    ) throws(CaptureFault) {
        let body = buffer.extracting(place)
        let size = PacketHead.size(type)
        guard body.byteCount >= size else { throw .malformed("a packet's block of \(body.byteCount) bytes") }
        let head = PacketHead(type, body, order)
        guard head.interface < contents.interfaces.count - firstInterface else {
            throw .malformed("a packet of interface \(head.interface), which the file does not describe")
        }
        record.interface = firstInterface + head.interface
        let interface = contents.interfaces[record.interface]
        let captured = head.captured ?? min(head.wireLength, interface.captureLimit)
        guard captured <= CaptureReader.packetLimit else {
            throw .malformed("a packet of \(captured) bytes, and none has more than \(CaptureReader.packetLimit)")
        }
        guard captured.roundedUpTo4 <= body.byteCount - size else {
            throw .malformed("a packet of \(captured) bytes in a block of \(body.byteCount + PcapNGBlock.overhead)")
        }
        record.linkType = interface.linkType
        record.time = head.ticks.flatMap { interface.scale.nanoseconds($0) }
        record.wireLength = head.wireLength
        record.dropped = head.dropped
        let start = place.lowerBound + size
        record.bytes = start..<start + captured
        record.order = order
        guard type != PcapNGBlock.simplePacket else { return }
        record.options = start + captured.roundedUpTo4..<place.upperBound
        if !record.options.isEmpty { try readOptions(buffer, &record) }
        if let dropped = record.dropped {
            contents.droppedBetweenPackets = contents.droppedBetweenPackets.addingClamped(dropped)
        }
    }

    private func readOptions(_ buffer: RawSpan, _ record: inout PacketRecord) throws(CaptureFault) {
        let options = CaptureOptions(buffer.extracting(record.options), order)
        guard options.areIntact else { throw .malformed("an option of a packet exceeds its block") }
        switch options.number(OptionCode.packetFlags, as: UInt32.self).map({ $0 & 3 }) {
        case 1: record.direction = .inbound
        case 2: record.direction = .outbound
        default: break
        }
        if let drops = options.number(OptionCode.packetDropCount, as: UInt64.self) { record.dropped = drops }
    }
}
