public import Text

/// Makes pcapng files, whose times are in nanoseconds. A file begins with a section, and an interface comes before its packets.
public struct PcapNGWriter {
    let order: ByteOrder

    public init() {
        self.init(.littleEndian)
    }

    init(_ order: ByteOrder) {
        self.order = order
    }

    /// Begins a section: its interfaces are numbered from 0.
    public func appendSection(
        application: String?, system: String? = nil, hardware: String? = nil, comment: String? = nil,
        to buffer: inout ByteBuffer
    ) {
        let block = begin(PcapNGBlock.section, &buffer)
        buffer.append(PcapNGBlock.orderMagic, order)
        buffer.append(UInt16(1), order)
        buffer.append(UInt16(0), order)
        // The size of the section is not known.
        buffer.append(UInt64.max, order)
        append(OptionCode.comment, comment, &buffer)
        append(OptionCode.hardware, hardware, &buffer)
        append(OptionCode.system, system, &buffer)
        append(OptionCode.application, application, &buffer)
        end(block, &buffer)
    }

    /// Describes the next interface of the section.
    public func append(_ interface: CaptureInterface, to buffer: inout ByteBuffer) {
        let block = begin(PcapNGBlock.interface, &buffer)
        buffer.append(interface.linkType.rawValue, order)
        buffer.append(UInt16(0), order)
        buffer.append(interface.snapshotLength, order)
        append(OptionCode.interfaceName, interface.name, &buffer)
        append(OptionCode.interfaceDescription, interface.description, &buffer)
        if let filter = interface.filter { append(OptionCode.filter, "\0" + filter, &buffer) }
        append(OptionCode.interfaceSystem, interface.system, &buffer)
        appendHead(OptionCode.timeResolution, 1, &buffer)
        buffer.append(9 as UInt8)
        buffer.pad(after: 1)
        end(block, &buffer)
    }

    /// Appends a packet of the interface that its `interface` numbers in the section.
    ///
    /// - Parameter flags: further bits of epb_flags, besides the direction.
    public func append(
        _ packet: borrowing PacketView, comments: [String] = [], flags: UInt32 = 0, to buffer: inout ByteBuffer
    ) {
        let bytes = packet.writtenBytes
        let block = begin(PcapNGBlock.packet, &buffer)
        buffer.append(UInt32(clamping: packet.interface), order)
        append(time: packet.time, &buffer)
        buffer.append(UInt32(bytes.byteCount), order)
        buffer.append(UInt32(clamping: packet.wireLength), order)
        buffer.append(bytes)
        buffer.pad(after: bytes.byteCount)
        for comment in comments { append(OptionCode.comment, comment, &buffer) }
        let flags = flags | UInt32(packet.direction.rawValue)
        if flags != 0 {
            appendHead(OptionCode.packetFlags, 4, &buffer)
            buffer.append(flags, order)
        }
        if let dropped = packet.dropped { append(OptionCode.packetDropCount, number: dropped, &buffer) }
        end(block, &buffer)
    }

    /// Appends the counts of an interface of the section.
    public func append(
        _ statistics: CaptureInterface.Statistics, interface: Int, time: Int64?, to buffer: inout ByteBuffer
    ) {
        let block = begin(PcapNGBlock.statistics, &buffer)
        buffer.append(UInt32(clamping: interface), order)
        append(time: time, &buffer)
        append(OptionCode.received, number: statistics.received, &buffer)
        append(OptionCode.dropped, number: statistics.dropped, &buffer)
        append(OptionCode.accepted, number: statistics.accepted, &buffer)
        append(OptionCode.systemDropped, number: statistics.systemDropped, &buffer)
        end(block, &buffer)
    }

    /// Appends a name for an address of 4 or 16 bytes.
    public func append(name: String, of address: [UInt8], to buffer: inout ByteBuffer) {
        guard address.count == 4 || address.count == 16 else { return }
        let block = begin(PcapNGBlock.names, &buffer)
        let text = name.utf8.prefix(255)
        appendHead(address.count == 4 ? 1 : 2, address.count + text.count + 1, &buffer)
        buffer.append(contentsOf: address)
        buffer.append(contentsOf: text)
        buffer.append(0 as UInt8)
        buffer.pad(after: address.count + text.count + 1)
        end(block, &buffer)
    }

    func begin(_ type: UInt32, _ buffer: inout ByteBuffer) -> Int {
        let start = buffer.count
        buffer.append(type, order)
        buffer.append(UInt32(0), order)
        return start
    }

    /// Ends the options and the block, and writes its size to both places.
    func end(_ start: Int, _ buffer: inout ByteBuffer) {
        appendHead(OptionCode.end, 0, &buffer)
        let size = UInt32(buffer.count - start + 4)
        buffer.append(size, order)
        buffer.replace(at: start + 4, order == .bigEndian ? size.byteSwapped : size)
    }

    func appendHead(_ code: UInt16, _ size: Int, _ buffer: inout ByteBuffer) {
        buffer.append(code, order)
        buffer.append(UInt16(size), order)
    }

    /// Appends a text, cut to the size of an option.
    func append(_ code: UInt16, _ text: String?, _ buffer: inout ByteBuffer) {
        guard let text else { return }
        // A character is whole or left out.
        var end = text.utf8.index(text.startIndex, offsetBy: Int(UInt16.max), limitedBy: text.endIndex) ?? text.endIndex
        while end != text.endIndex, text.utf8[end] & 0xc0 == 0x80 { end = text.utf8.index(before: end) }
        let part = text.utf8[..<end]
        appendHead(code, part.count, &buffer)
        buffer.append(contentsOf: part)
        buffer.pad(after: part.count)
    }

    func append(_ code: UInt16, number: UInt64?, _ buffer: inout ByteBuffer) {
        guard let number else { return }
        appendHead(code, 8, &buffer)
        buffer.append(number, order)
    }

    /// The upper half comes first in both byte orders.
    func append(time: Int64?, _ buffer: inout ByteBuffer) {
        let ticks = UInt64(clamping: time ?? 0)
        buffer.append(UInt32(truncatingIfNeeded: ticks >> 32), order)
        buffer.append(UInt32(truncatingIfNeeded: ticks), order)
    }
}
