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

    /// - Parameter servers: names that the machine's files do not have; nil for none.
    public init(_ options: DisplayOptions, names: SystemNames, servers: (any NameServing)? = nil) {
        self.options = options
        frames = FrameText(options, names, servers)
        date = DateText(separator: UInt8(ascii: " "), isLocal: !options.isUTC, hasDate: false)
        modes = ProtocolTable.all.map {
            options.hidden.contains($0.name) ? .hidden : options.dumped.contains($0.name) ? .dumped : .shown
        }
    }

    /// - Parameters:
    ///   - number: of the packet in the capture.
    ///   - error: the mnemonic of the error with which it was received; nil for none.
    public mutating func append(
        _ packet: borrowing PacketView, bytes: borrowing PacketBytes, _ layers: borrowing PacketLayers, number: UInt64,
        error: String? = nil, to buffer: inout ByteBuffer
    ) {
        let received = bytes.received
        appendHeader(packet, received.byteCount, number, error, to: &buffer)
        if options.dumpsPackets { return HexDump.append(0..<received.byteCount, of: received, to: &buffer) }
        frames.followNames()
        for place in layers.layers.indices {
            let layer = layers.layers[place]
            switch modes[layer.place] {
            case .shown: frames.append(place, of: layers, bytes.decoded, packet: received, to: &buffer)
            case .hidden: break
            case .dumped:
                FrameText.appendLabel(layer.kind.name, to: &buffer)
                buffer.append("\n")
                let end = min(bytes.decoded.byteCount, layer.start + (layer.headerLength ?? bytes.decoded.byteCount))
                HexDump.append(layer.start..<max(layer.start, end), of: bytes.decoded, to: &buffer)
            }
        }
        if options.dumpsData {
            HexDump.append(bytes.data(after: layers).lowerBound..<received.byteCount, of: received, to: &buffer)
        }
    }

    /// `0000: len 100 time 11:40:31.925`
    private mutating func appendHeader(
        _ packet: borrowing PacketView, _ captured: Int, _ number: UInt64, _ error: String?,
        to buffer: inout ByteBuffer
    ) {
        buffer.appendDecimal(number, width: 4)
        if error != nil { buffer.append("!") }
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
        if let error {
            buffer.append(" ")
            buffer.append(contentsOf: error.utf8)
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
