public import CaptureFiles
public import Text

/// Writes packets to a capture file whose format the suffix of its name selects: pcapng, `.pcap` or `.snoop`.
public struct TraceWriter {
    private enum Format {
        case pcapng(PcapNGWriter)
        /// The link type is that of the first packet.
        case pcap(PcapWriter?, LinkType)
        case snoop(SnoopWriter?, LinkType)
    }

    public struct Refusal: Error, CustomStringConvertible {
        public let description: String
    }

    private var format: Format
    private var hasBegun = false
    /// Interfaces of a pcapng file that were described.
    private var interfaces = 0

    public init(name: String) {
        if name.hasSuffix(".pcap") {
            format = .pcap(nil, .unknown)
        } else if name.hasSuffix(".snoop") {
            format = .snoop(nil, .unknown)
        } else {
            format = .pcapng(PcapNGWriter())
        }
    }

    /// - Parameters:
    ///   - bytes: those of the packet that are kept.
    ///   - all: the interfaces of the file that is read.
    public mutating func append(
        _ packet: borrowing PacketView, bytes: RawSpan, _ all: [CaptureInterface], to buffer: inout ByteBuffer
    ) throws(Refusal) {
        let kept = PacketView(
            bytes, wireLength: packet.wireLength, time: packet.time, linkType: packet.linkType,
            interface: packet.interface, direction: packet.direction, dropped: packet.dropped)
        switch format {
        case .pcapng(let writer):
            begin(writer, &buffer)
            while interfaces <= packet.interface {
                // An interface that the file does not describe is one of the packet's link type.
                writer.append(
                    interfaces < all.count ? all[interfaces] : CaptureInterface(linkType: packet.linkType), to: &buffer)
                interfaces += 1
            }
            writer.append(kept, to: &buffer)
        case .pcap(let known, let linkType):
            try require(packet.linkType, known == nil ? nil : linkType)
            let writer = known ?? PcapWriter(linkType: packet.linkType, isNanoseconds: true)
            if known == nil { writer.appendHeader(to: &buffer) }
            writer.append(kept, to: &buffer)
            format = .pcap(writer, packet.linkType)
        case .snoop(let known, let linkType):
            try require(packet.linkType, known == nil ? nil : linkType)
            guard var writer = known ?? SnoopWriter(linkType: packet.linkType) else {
                throw Refusal(
                    description: "snoop files have no number for link type \(packet.linkType.rawValue); write pcapng")
            }
            if known == nil { writer.appendHeader(to: &buffer) }
            writer.append(kept, to: &buffer)
            format = .snoop(writer, packet.linkType)
        }
        hasBegun = true
    }

    /// A file without packets has a header as well.
    public mutating func finish(to buffer: inout ByteBuffer) {
        guard !hasBegun else { return }
        switch format {
        case .pcapng(let writer): begin(writer, &buffer)
        case .pcap: PcapWriter(linkType: .ethernet, isNanoseconds: true).appendHeader(to: &buffer)
        case .snoop: SnoopWriter(linkType: .ethernet)?.appendHeader(to: &buffer)
        }
        hasBegun = true
    }

    private func begin(_ writer: PcapNGWriter, _ buffer: inout ByteBuffer) {
        if !hasBegun { writer.appendSection(application: "nettrace netsnoop", to: &buffer) }
    }

    private func require(_ linkType: LinkType, _ known: LinkType?) throws(Refusal) {
        guard let known, known != linkType else { return }
        throw Refusal(
            description: "packets of link types \(known.rawValue) and \(linkType.rawValue) need a pcapng file")
    }
}
