import CaptureFiles
import Text

/// Packets of a source → records of a file.
struct PacketEncoder {
    private enum Writer {
        case pcapng(PcapNGWriter)
        case pcap(PcapWriter)
        case iptrace2(IptraceWriter)
    }

    private let writer: Writer
    private let application: String
    /// Interfaces that the section of a pcapng file describes so far: number in the source → number in the section.
    private var described: [Int: Int] = [:]
    /// Packets of each of them.
    private var recorded: [UInt64] = []
    /// The last one.
    private var last: (source: Int, section: Int)?
    /// Names that iptrace files use instead of those that do not fit.
    private(set) var renamed: [String: String] = [:]
    private var shortNames: [Int: IptraceInterface] = [:]
    private var clock = ForwardClock()

    /// Packets of devices whose link type the format has no number for.
    private(set) var left: UInt64 = 0

    init(_ format: LogFormat, snapLength: Int, isNanoseconds: Bool, application: String) {
        self.application = application
        writer =
            switch format {
            case .pcapng: .pcapng(PcapNGWriter())
            case .pcap(let type):
                .pcap(PcapWriter(linkType: type, snapshotLength: UInt32(snapLength), isNanoseconds: isNanoseconds))
            case .iptrace2: .iptrace2(IptraceWriter())
            }
    }

    /// Begins a file, or a section of a file that exists.
    mutating func begin(isNewFile: Bool, to buffer: inout ByteBuffer) {
        described.removeAll()
        recorded.removeAll()
        last = nil
        clock = ForwardClock()
        switch writer {
        case .pcapng(let writer): writer.appendSection(application: application, system: "Linux", to: &buffer)
        case .pcap(let writer): if isNewFile { writer.appendHeader(to: &buffer) }
        case .iptrace2(let writer): if isNewFile { writer.appendHeader(to: &buffer) }
        }
    }

    /// Appends the source's packet.
    mutating func append(_ source: borrowing CaptureSource, to buffer: inout ByteBuffer) {
        let header = source.header
        let time = clock.forward(header.time)
        switch writer {
        case .pcapng(let writer):
            let number = section(header.interface, source, writer, &buffer)
            recorded[number] += 1
            writer.append(
                live: source.bytes, wireLength: header.wireLength, time: time, interface: number,
                flags: header.flags, to: &buffer)
        case .pcap(let writer):
            writer.append(live: source.bytes, wireLength: header.wireLength, time: time, to: &buffer)
        case .iptrace2(let writer):
            let view = PacketView(
                source.bytes, time: time, linkType: header.linkType, direction: header.direction)
            guard let name = shortName(header.interface, source), writer.append(view, name, to: &buffer) else {
                left += 1
                return
            }
        }
    }

    /// Ends a file, or says what was lost so far. Formats but pcapng have no place for counts.
    ///
    /// - Parameter lost: packets since the last call that found no room; those of all devices together, since a socket
    ///   for several does not count them by device.
    mutating func appendStatistics(
        lost: UInt64, time: Int64, _ source: borrowing CaptureSource, to buffer: inout ByteBuffer
    ) {
        guard case .pcapng(let writer) = writer else { return }
        // The first interface, even if no packet came from it.
        if recorded.isEmpty, !source.interfaces.isEmpty { _ = section(0, source, writer, &buffer) }
        for (number, count) in recorded.enumerated() {
            let dropped = number == 0 ? lost : 0
            writer.append(
                CaptureInterface.Statistics(received: count + dropped, dropped: dropped), interface: number, time: time,
                to: &buffer)
        }
    }

    /// The number of an interface in the section, which it describes if it is new.
    private mutating func section(
        _ interface: Int, _ source: borrowing CaptureSource, _ writer: PcapNGWriter, _ buffer: inout ByteBuffer
    ) -> Int {
        if let last, last.source == interface { return last.section }
        let number: Int
        if let known = described[interface] {
            number = known
        } else {
            number = recorded.count
            writer.append(source.interfaces[interface], to: &buffer)
            described[interface] = number
            recorded.append(0)
        }
        last = (interface, number)
        return number
    }

    private mutating func shortName(_ number: Int, _ source: borrowing CaptureSource) -> IptraceInterface? {
        if let known = shortNames[number] { return known }
        let interface = source.interfaces[number]
        let name = interface.name ?? ""
        // "lo" is lo0 there.
        let short = [name, name + "0"].first { IptraceInterface($0) != nil } ?? "if\(renamed.count)"
        if short != name { renamed[name] = short }
        shortNames[number] = IptraceInterface(short)
        return shortNames[number]
    }
}

extension PacketHeader {
    /// epb_flags of pcapng: direction, checksum not ready, checksum valid, TCP segmentation offloaded.
    fileprivate var flags: UInt32 {
        let flags = UInt32(direction.rawValue) | (isSegmented ? 1 << 11 : 0)
        return switch checksum {
        case .unknown: flags
        case .notReady: flags | 1 << 9
        case .valid: flags | 1 << 10
        }
    }
}
