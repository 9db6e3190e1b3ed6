public import CaptureFiles
public import Protocols
public import Text

/// Packets as text: a header, the frames of its protocols, and dumps.
public struct PacketText {
    private enum Mode: UInt8 { case shown, hidden, dumped }

    private let options: DisplayOptions
    private var frames: FrameText
    private var date: DateText
    /// By the place of a protocol in the table.
    private let modes: [Mode]

    public init(_ options: DisplayOptions, names: SystemNames) {
        self.options = options
        frames = FrameText(options, names)
        date = DateText(separator: UInt8(ascii: " "), isLocal: !options.isUTC, hasDate: false)
        modes = ProtocolTable.all.map {
            options.hidden.contains($0.name) ? .hidden : options.dumped.contains($0.name) ? .dumped : .shown
        }
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
        for place in layers.layers.indices {
            let layer = layers.layers[place]
            switch modes[layer.place] {
            case .shown: frames.append(place, of: layers, bytes, packet: bytes, to: &buffer)
            case .hidden: break
            case .dumped:
                FrameText.appendLabel(layer.kind.name, to: &buffer)
                buffer.append("\n")
                let end = min(bytes.byteCount, layer.start + (layer.headerLength ?? bytes.byteCount))
                HexDump.append(layer.start..<max(layer.start, end), of: bytes, to: &buffer)
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
        let nanoseconds = date.append(time, to: &buffer)
        buffer.append(".")
        let microseconds = nanoseconds / 1000
        if microseconds % 1000 == 0 {
            buffer.appendDecimal(microseconds / 1000, width: 3)
        } else {
            buffer.appendDecimal(microseconds, width: 6)
        }
    }
}
