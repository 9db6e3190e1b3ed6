public import CaptureFiles
public import Protocols
public import Text

/// Packets as text: a header, the frames of its protocols, and dumps.
public struct PacketText {
    private let options: DisplayOptions
    private var frames: FrameText
    private var date: DateText

    public init(_ options: DisplayOptions, names: SystemNames) {
        self.options = options
        frames = FrameText(options, names)
        date = DateText(separator: UInt8(ascii: " "), isLocal: !options.isUTC)
    }

    /// - Parameters:
    ///   - bytes: those of the packet that count.
    ///   - number: of the packet in the capture.
    public mutating func append(
        _ packet: borrowing PacketView, bytes: RawSpan, _ layers: borrowing PacketLayers, number: UInt64,
        to buffer: inout ByteBuffer
    ) {
        appendHeader(packet, bytes.byteCount, number, to: &buffer)
        if options.dumpsPackets { return HexDump.append(0..<bytes.byteCount, of: bytes, to: &buffer) }
        for (place, layer) in layers.layers.enumerated() {
            let name = layer.kind.name
            if options.hidden.contains(name) { continue }
            if options.dumped.contains(name) {
                FrameText.appendLabel(name, to: &buffer)
                buffer.append("\n")
                let end = min(bytes.byteCount, layer.start + (layer.headerLength ?? bytes.byteCount))
                HexDump.append(layer.start..<max(layer.start, end), of: bytes, to: &buffer)
            } else {
                frames.append(place, of: layers, bytes, to: &buffer)
            }
        }
        if options.dumpsData {
            HexDump.append(layers.payload.lowerBound..<bytes.byteCount, of: bytes, to: &buffer)
        }
    }

    /// `0000: len 100 time 11:40:31.925`
    private mutating func appendHeader(
        _ packet: borrowing PacketView, _ captured: Int, _ number: UInt64, to buffer: inout ByteBuffer
    ) {
        buffer.appendDecimal(number, width: 4)
        buffer.append(": len ")
        buffer.appendDecimal(packet.wireLength)
        if captured < packet.wireLength {
            buffer.append(" captured ")
            buffer.appendDecimal(captured)
        }
        buffer.append(" time ")
        if let time = packet.time {
            appendTime(time, to: &buffer)
        } else {
            buffer.append("unknown")
        }
        buffer.append("\n")
    }

    /// Hours, minutes, seconds and microseconds; milliseconds where these are zero.
    private mutating func appendTime(_ time: Int64, to buffer: inout ByteBuffer) {
        let start = buffer.count
        let nanoseconds = date.append(time, to: &buffer)
        // The date is left out, as in the founding document.
        var text: [UInt8] = []
        buffer.copy(from: start, to: &text)
        buffer.truncate(to: start)
        buffer.append(contentsOf: text.suffix(8))
        buffer.append(".")
        let microseconds = nanoseconds / 1000
        if microseconds % 1000 == 0 {
            buffer.appendDecimal(microseconds / 1000, width: 3)
        } else {
            buffer.appendDecimal(microseconds, width: 6)
        }
    }
}
