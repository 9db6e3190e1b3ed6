public import Analysis
import CaptureFiles
public import Events
public import Pipeline
public import Text

/// Packets as a pcapng file: each once per device that it passed, with its path through the kernel, its end and its verdict
/// as a comment, in the words of `TimelineRenderer`.
public struct PcapNGRenderer: ContextRenderer {
    private let names: NameTable
    private let origin: CaptureOrigin
    private let writer = PcapNGWriter()
    private var timeline: TimelineRenderer
    /// The direction of packets at each hook.
    private let directions: [PacketView.Direction]
    private let story = Story()
    /// The packet of the last context, on each device.
    private var images: [PacketImage] = []
    private var queue = PacketQueue()
    private var interfaces: [PacketImage.Interface: Int] = [:]
    private var hasHead = false

    /// The comment of the last context.
    private final class Story {
        var text = ByteBuffer(capacity: 4 << 10)
    }

    public init(names: NameTable, columns: OutputColumns = [], origin: CaptureOrigin) {
        self.names = names
        self.origin = origin
        timeline = TimelineRenderer(names: names, columns: columns)
        directions = names.hooks.map { hook in
            hook.module == "link-in" ? .inbound : hook.module == "link-out" ? .outbound : .unknown
        }
    }

    public mutating func render(_ context: FinishedContext, _ ending: ContextEnding, into buffer: inout ByteBuffer) {
        for index in 0..<context.count where context.isShown(at: index) && !context.isReturn(at: index) {
            if let event = context.event(at: index) { add(event) }
        }
        timeline.render(context, ending, into: &story.text)
    }

    /// Notes the bytes of an event, unless they are known. Those from the link header on are better than others, and a hook
    /// that knows the direction is better than another one.
    private mutating func add(_ event: EventView) {
        let direction = event.hook < directions.count ? directions[event.hook] : .unknown
        guard let image = PacketImage(event, direction: direction) else { return }
        guard let known = images.firstIndex(where: { $0.isSame(as: image) }) else {
            if images.count < Self.imageLimit { images.append(image) }
            return
        }
        let isBetter =
            image.interface.isEthernet != images[known].interface.isEthernet
            ? image.interface.isEthernet : images[known].direction == .unknown && image.direction != .unknown
        if isBetter { images[known] = image }
    }

    /// A packet that is flooded has a part for each port.
    private static let imageLimit = 1024

    public mutating func render(_ verdict: Findings.Entry, into buffer: inout ByteBuffer) {
        timeline.render(verdict, into: &story.text)
    }

    public mutating func renderEndOfContext(into buffer: inout ByteBuffer) {
        story.text.trimLineEnds()
        let comment = story.text.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        story.text.removeAll()
        for image in images { queue.append(image, comment: comment) }
        images.removeAll(keepingCapacity: true)
        var queue = self.queue
        self.queue = PacketQueue()
        queue.release { write($0, $1, &buffer) }
        self.queue = queue
    }

    public mutating func renderUntracked(_ event: EventView, into buffer: inout ByteBuffer) {
        add(event)
        timeline.renderUntracked(event, into: &story.text)
        renderEndOfContext(into: &buffer)
    }

    public mutating func renderEnd(into buffer: inout ByteBuffer) {
        writeHead(&buffer)
        var queue = self.queue
        self.queue = PacketQueue()
        queue.releaseAll { write($0, $1, &buffer) }
    }

    private mutating func writeHead(_ buffer: inout ByteBuffer) {
        guard !hasHead else { return }
        hasHead = true
        writer.appendSection(
            application: origin.application, system: "Linux \(origin.kernel)", hardware: origin.machine,
            comment: origin.commandLine, to: &buffer)
    }

    private mutating func write(_ image: PacketImage, _ comment: String, _ buffer: inout ByteBuffer) {
        writeHead(&buffer)
        guard let interface = number(of: image, &buffer) else { return }
        let packet = PacketView(
            image.bytes.span.bytes, wireLength: image.wireLength,
            time: Int64(clamping: image.time) &+ names.wallClock.offset(at: image.time),
            linkType: image.interface.isEthernet ? .ethernet : .ip, interface: interface,
            direction: image.direction)
        writer.append(packet, comments: [comment], to: &buffer)
    }

    /// The number of a device in the file, which is described before its first packet; nil if a damaged recording has more
    /// devices than readers of the file accept.
    private mutating func number(of image: PacketImage, _ buffer: inout ByteBuffer) -> Int? {
        if let number = interfaces[image.interface] { return number }
        let number = interfaces.count
        guard number < CaptureContents.interfaceLimit else { return nil }
        interfaces[image.interface] = number
        writer.append(
            CaptureInterface(
                name: String(decoding: image.name, as: UTF8.self),
                description: "\(image.interface.index) in network namespace \(image.interface.netns)",
                linkType: image.interface.isEthernet ? .ethernet : .ip,
                snapshotLength: UInt32(CaptureReader.packetLimit), system: "Linux \(origin.kernel)"), to: &buffer)
        return number
    }
}
