import CaptureFiles
import Events
import Text

/// The interfaces of a capture file: one per device, namespace and link type.
struct CaptureInterfaces {
    private struct Key: Hashable {
        var netns: UInt32
        var index: UInt32
        var linkType: LinkType
    }

    private let origin: CaptureOrigin
    private let writer: PcapNGWriter
    private let limit: Int
    private var numbers: [Key: Int] = [:]
    /// Packets of each.
    private var counts: [UInt64] = []
    private var last: (key: Key, number: Int)?

    init(_ origin: CaptureOrigin, _ writer: PcapNGWriter, limit: Int) {
        self.origin = origin
        self.writer = writer
        self.limit = min(limit, CaptureReader.packetLimit)
    }

    /// The number of a device in the file, which is described in `heads` when it is new; nil if a damaged recording has more
    /// devices than readers of the file accept.
    mutating func number(of device: borrowing DeviceSection, _ linkType: LinkType, heads: inout ByteBuffer) -> Int? {
        let key = Key(netns: device.netns, index: device.ifindex, linkType: linkType)
        if let last, last.key == key { return last.number }
        if let number = numbers[key] {
            last = (key, number)
            return number
        }
        let number = numbers.count
        guard number < CaptureContents.interfaceLimit else { return nil }
        numbers[key] = number
        counts.append(0)
        writer.append(
            CaptureInterface(
                name: device.name.withUnsafeBytes { String(decoding: $0, as: UTF8.self) },
                description: "\(device.ifindex) in network namespace \(device.netns)", linkType: linkType,
                snapshotLength: UInt32(limit), filter: origin.filter, system: "Linux \(origin.kernel)"), to: &heads)
        return number
    }

    mutating func count(packetOf number: Int) { counts[number] += 1 }

    /// Appends the number of packets of each interface.
    func appendCounts(at time: Int64, to buffer: inout ByteBuffer) {
        for (number, count) in counts.enumerated() {
            writer.append(.init(accepted: count), interface: number, time: time, to: &buffer)
        }
    }
}
