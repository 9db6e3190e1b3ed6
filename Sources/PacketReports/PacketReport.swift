public import CaptureFiles
import Protocols
public import Text

/// Makes the report of packets in the layout of AIX's ipreport, one after the other.
public struct PacketReport {
    let options: ReportOptions
    private(set) var names: ReportNames
    /// Names that the file has given so far.
    private var namesOfFile = 0
    var lines: ReportLines
    /// Packets with a wrong checksum, if these are validated.
    public private(set) var wrongChecksums = 0
    private var layers = PacketLayers()
    private var text = TextLine()
    private var clock: DateText
    /// Names of interfaces as they are shown.
    private var interfaceNames: [[UInt8]] = []
    /// The network header that covers the next message.
    var network: Pseudoheader?
    var hasWrongChecksum = false

    public init(_ options: ReportOptions, names: ReportNames) {
        self.options = options
        self.names = names
        lines = ReportLines(hasPrefixes: options.hasPrefixes)
        clock = DateText(separator: UInt8(ascii: " "), isLocal: true, hasDate: options.isVerbose)
    }

    /// Appends the report of one packet.
    ///
    /// - Parameter contents: those of the file, as far as it was read.
    public mutating func append(
        _ packet: borrowing PacketView, number: UInt64, of contents: CaptureContents, to buffer: inout ByteBuffer
    ) {
        if options.hasNumbers {
            buffer.append("Packet Number ")
            buffer.appendDecimal(number)
            buffer.append("\n")
        }
        if !options.hidesHosts { learnNames(contents) }
        let bytes = packet.bytes
        let link = LinkStart(packet.linkType, bytes)
        layers.walk(bytes, from: link.number, length: packet.wireLength)
        lines.begin(link.prefix, "", hasHeading: true, to: &buffer)
        appendTitle(packet, contents.interfaces, &buffer)
        appendComments(packet, &buffer)
        network = nil
        hasWrongChecksum = false
        let rpc = options.decodesRPC ? nil : layers.layers.firstIndex { Self.protocolsOfRPC.contains($0.kind.name) }
        let shown = rpc ?? layers.layers.count
        for layer in layers.layers[..<shown] { append(layer, of: bytes, &buffer) }
        if hasWrongChecksum { wrongChecksums += 1 }
        if layers.layers.isEmpty, let words = link.words {
            lines.startUnindented(&buffer)
            buffer.append(words)
            buffer.append("\n")
        }
        appendBytes(bytes, rpc.map { layers.layers[$0].bytes(of: bytes) } ?? layers.payload, &buffer)
        buffer.append("\n")
    }

    /// Protocols that are shown with -r; else their bytes are data.
    private static let protocolsOfRPC: Set = ["rpcmark", "sunrpc", "nfs"]

    /// Takes over the names that stand in the file.
    private mutating func learnNames(_ contents: CaptureContents) {
        guard contents.names.count > namesOfFile else { return }
        namesOfFile = contents.names.count
        for (address, name) in contents.names { names.addHost(address, name) }
    }

    private mutating func append(_ layer: Layer, of bytes: RawSpan, _ buffer: inout ByteBuffer) {
        let kind = layer.kind
        let header = PacketLayers.header(of: layer, in: bytes)
        let packet = bytes.extracting(layer.start..<bytes.byteCount)
        let name = layer.isTruncated ? "" : kind.name
        switch name {
        case "ether":
            lines.begin("ETH", "ETHERNET", hasHeading: true, to: &buffer)
            appendEthernet(header, &buffer)
        case "ip":
            lines.begin("IP", "IP", hasHeading: false, to: &buffer)
            appendIPv4(header, packet, &buffer)
        case "ip6":
            lines.begin("IP6", "IPv6", hasHeading: false, to: &buffer)
            appendIPv6(header, &buffer)
        case "tcp":
            lines.begin("TCP", "TCP", hasHeading: false, to: &buffer)
            appendTCP(header, packet, &buffer)
        case "udp":
            lines.begin("UDP", "UDP", hasHeading: false, to: &buffer)
            appendUDP(header, packet, &buffer)
        case "icmp":
            lines.begin("ICMP", "ICMP", hasHeading: false, to: &buffer)
            appendICMP(header, packet, &buffer)
        default:
            lines.begin(kind.title, kind.title, hasHeading: false, to: &buffer)
            appendFields(of: layer, bytes, &buffer)
            if options.validatesChecksums { checkOther(name, header, packet, &buffer) }
            return
        }
        if options.isVerbose { appendFields(of: layer, bytes, &buffer) }
    }

    /// All fields of a header by their names: `vlan: prio 0 dei 0 vid 5 type 0x0800 (IP)`.
    private mutating func appendFields(of layer: Layer, _ bytes: RawSpan, _ buffer: inout ByteBuffer) {
        text.removeAll()
        text.append(layer, of: bytes)
        lines.start(&buffer)
        buffer.append(text.bytes.span.bytes)
        buffer.append("\n")
    }

    private func appendBytes(_ bytes: RawSpan, _ data: Range<Int>, _ buffer: inout ByteBuffer) {
        let range = options.isHexadecimal ? 0..<bytes.byteCount : data
        let count = min(range.count, options.byteLimit ?? .max)
        guard count > 0 else { return }
        buffer.appendHexLines(bytes.extracting(range.lowerBound..<range.lowerBound + count), lines)
    }
}

extension PacketReport {
    /// `====( 130 bytes received on interface en0 )==== 09:41:07.120334561`
    private mutating func appendTitle(
        _ packet: borrowing PacketView, _ interfaces: [CaptureInterface], _ buffer: inout ByteBuffer
    ) {
        lines.startUnindented(&buffer)
        buffer.append("====( ")
        buffer.appendDecimal(packet.wireLength)
        switch packet.direction {
        case .inbound: buffer.append(" bytes received")
        case .outbound: buffer.append(" bytes transmitted")
        case .unknown: buffer.append(" bytes captured")
        }
        for interface in interfaces.dropFirst(interfaceNames.count) {
            var name = ByteBuffer(capacity: 64)
            if let text = interface.name { name.appendEscaped(Array(text.utf8).span.bytes) }
            interfaceNames.append(name.withUnsafeBytes { [UInt8]($0) })
        }
        if packet.interface < interfaceNames.count, !interfaceNames[packet.interface].isEmpty {
            buffer.append(" on interface ")
            let name = interfaceNames[packet.interface]
            buffer.append(name.span.bytes)
        } else if interfaces.count > 1 {
            buffer.append(" on interface #")
            buffer.appendDecimal(packet.interface)
        }
        if packet.bytes.byteCount < packet.wireLength {
            buffer.append(", the first ")
            buffer.appendDecimal(packet.bytes.byteCount)
            buffer.append(" kept")
        }
        buffer.append(" )====")
        if let time = packet.time {
            buffer.append(" ")
            let nanoseconds = clock.append(time, to: &buffer)
            buffer.append(".")
            buffer.appendDecimal(nanoseconds, width: 9)
        }
        buffer.append("\n")
    }

    private func appendComments(_ packet: borrowing PacketView, _ buffer: inout ByteBuffer) {
        guard !packet.options.isEmpty else { return }
        for comment in packet.options.comments {
            for line in comment.split(whereSeparator: \.isNewline) {
                lines.start(&buffer)
                buffer.append("comment: ")
                buffer.appendPrintable(String(line))
                buffer.append("\n")
            }
        }
    }
}

extension Layer {
    /// The captured bytes of the layer and its payload.
    fileprivate func bytes(of packet: RawSpan) -> Range<Int> {
        start..<max(start, min(start + length, packet.byteCount))
    }
}
