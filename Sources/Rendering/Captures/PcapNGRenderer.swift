public import Analysis
import CaptureFiles
public import Events
public import Pipeline
public import Text

/// Packets as a pcapng file: each once per device that it passed, with its path through the kernel, its end and its verdict
/// as a comment, in the words of `TimelineRenderer`, and as JSON (docs/CAPTURE.md, *Packets from the kernel's hooks*).
public struct PcapNGRenderer: ContextRenderer {
    private let names: NameTable
    private let origin: CaptureOrigin
    private let settings: PacketFileSettings
    private let writer = PcapNGWriter()
    private var path: PathText
    private var timeline: TimelineRenderer
    private var json: TimelineJSONRenderer
    /// The direction of packets at each hook.
    private let directions: [PacketView.Direction]
    private var owners: OwnerSelection
    private var choice: PacketChoice
    private var interfaces: CaptureInterfaces
    private let story: PacketStory
    private let queue = PacketQueue()
    private var hasHead = false
    /// Added to times of events; never smaller than before, so that a clock that is set back does not turn times back.
    private var clockOffset = Int64.min

    /// Bytes of JSON that a packet's events take at most; the rest of the option is for its end and verdict.
    private static let eventRoom = 40 << 10

    public init(
        names: NameTable, columns: OutputColumns = [], origin: CaptureOrigin, settings: PacketFileSettings = .init(),
        family: ProcessFamily? = nil
    ) {
        self.names = names
        self.origin = origin
        self.settings = settings
        story = PacketStory(settings.texts)
        path = PathText(names: names)
        timeline = TimelineRenderer(names: names, columns: columns)
        json = TimelineJSONRenderer(names: names, room: Self.eventRoom)
        owners = OwnerSelection(settings.processes, names: names, family: family)
        choice = PacketChoice(takesAll: settings.showsEveryHook)
        interfaces = CaptureInterfaces(origin, writer, limit: settings.limit)
        directions = names.hooks.map { hook in
            hook.module == "link-in" ? .inbound : hook.module == "link-out" ? .outbound : .unknown
        }
    }

    public mutating func render(_ context: FinishedContext, _ ending: ContextEnding, into buffer: inout ByteBuffer) {
        choice.removeAll()
        var process: (pid: UInt32, tid: UInt32)?
        for index in 0..<context.count where context.isShown(at: index) && !context.isReturn(at: index) {
            guard let event = context.event(at: index) else { continue }
            consider(event, at: index)
            if process == nil { process = event.ownProcess }
        }
        let start = buffer.count
        var sizes = PacketStory.Sizes()
        choice.removeShadows()
        guard owners.selects(context), !choice.candidates.isEmpty else { return sizes.append(to: &buffer) }
        sizes.events = context.shownEvents
        appendTexts(context, ending, &sizes, &buffer)
        for candidate in choice.candidates {
            guard let event = context.event(at: candidate.index) else { continue }
            appendBlock(event, candidate, process, &buffer)
        }
        sizes.blocks = buffer.count - start - sizes.sum
        sizes.append(to: &buffer)
    }

    private mutating func appendTexts(
        _ context: FinishedContext, _ ending: ContextEnding, _ sizes: inout PacketStory.Sizes,
        _ buffer: inout ByteBuffer
    ) {
        guard settings.texts != .none else { return }
        let start = buffer.count
        path.append(context, to: &buffer)
        sizes.path = buffer.count - start
        guard settings.texts == .all else {
            buffer.append(ending, of: context, names, Style(isColoured: false))
            buffer.append("\n")
            sizes.timeline = buffer.count - start - sizes.sum
            return
        }
        timeline.render(context, ending, into: &buffer)
        sizes.timeline = buffer.count - start - sizes.sum
        json.render(context, ending, into: &buffer)
        sizes.json = buffer.count - start - sizes.sum
    }

    public var waitingEvents: UInt64 { queue.events }

    private mutating func consider(_ event: EventView, at index: Int) {
        let direction = event.hook < directions.count ? directions[event.hook] : .unknown
        guard settings.includes(event), settings.showsEveryHook || !isMereEnd(event) || direction != .unknown else {
            return
        }
        if let candidate = PacketChoice.Candidate(event, index: index, direction: direction) { choice.add(candidate) }
    }

    /// Whether an skb ends here without a loss. Copies for packet sockets end so, and kernels without the means to follow
    /// copies take each for a packet of its own.
    private func isMereEnd(_ event: EventView) -> Bool {
        event.flags.contains(.free) && !names.isDrop(event)
    }

    /// Appends the packet's block without its texts, and the hook.
    private mutating func appendBlock(
        _ event: EventView, _ candidate: PacketChoice.Candidate, _ process: (pid: UInt32, tid: UInt32)?,
        _ buffer: inout ByteBuffer
    ) {
        guard let payload = event.payload, let device = event.device else { return }
        let bytes = PacketBytes(payload, settings)
        guard let interface = interfaces.number(of: device, bytes.linkType, heads: &story.heads) else { return }
        clockOffset = max(clockOffset, names.wallClock.offset(at: event.timestamp))
        var facts = PacketFacts(
            interface: interface, time: Int64(clamping: event.timestamp) &+ clockOffset, captured: bytes.captured,
            wireLength: bytes.wireLength)
        facts.flags = PacketFlags(payload, candidate.direction)
        facts.number = event.context
        facts.queue = event.meta.map { UInt32($0.queue) }
        facts.process = process
        interfaces.count(packetOf: interface)
        let size = buffer.count
        buffer.append(0, size: 8)
        let start = buffer.count
        _ = writer.beginPacket(facts, to: &buffer) { buffer in
            bytes.append(payload, device: device.ifindex, flags: facts.flags, to: &buffer)
        }
        buffer.replace(at: size, UInt32(buffer.count - start))
        buffer.replace(at: size + 4, UInt32(clamping: event.hook))
    }

    public mutating func render(_ verdict: VerdictTally.Entry, into buffer: inout ByteBuffer) {
        if settings.texts != .none { timeline.render(verdict.alone, into: &story.verdict) }
        if settings.texts == .all { json.render(verdict.alone, into: &story.verdictJSON) }
    }

    /// Takes the packet out of the buffer, completes its blocks and has them wait for earlier ones.
    public mutating func renderEndOfContext(into buffer: inout ByteBuffer) {
        let sizes = PacketStory.Sizes(endOf: buffer.bytes)
        let end = buffer.count - PacketStory.Sizes.size
        let start = end - sizes.sum
        story.complete(buffer.bytes, sizes, from: start)
        enqueueBlocks(in: buffer.bytes.extracting(end - sizes.blocks..<end), events: UInt64(sizes.events))
        buffer.truncate(to: start)
        releaseExcess(&buffer)
    }

    private mutating func enqueueBlocks(in blocks: RawSpan, events: UInt64) {
        var place = 0
        while place < blocks.byteCount {
            let size = Int(blocks.half(at: place))
            let hook = Int(blocks.half(at: place + 4))
            let next = place + 8 + size
            let isLast = next >= blocks.byteCount
            enqueue(blocks.extracting(place + 8..<next), hook: hook, events: isLast ? events : 0)
            place = next
        }
    }

    private mutating func enqueue(_ block: RawSpan, hook: Int, events: UInt64) {
        let places = PcapNGWriter.timePlaces
        let time = Int64(block.half(at: places.upper)) << 32 | Int64(block.half(at: places.lower))
        let shown = max(time, queue.latest)
        queue.append(at: shown, events: events) { buffer in
            let start = buffer.count
            buffer.append(block)
            if shown > time {
                buffer.replace(at: start + places.upper, UInt32(truncatingIfNeeded: shown >> 32))
                buffer.replace(at: start + places.lower, UInt32(truncatingIfNeeded: shown))
            }
            story.append(
                to: &buffer, at: hook < names.hooks.count ? names.hooks[hook].tracer : "", late: shown - time, writer)
            writer.endPacket(start, &buffer)
        }
    }

    /// Appends the event's own block. Without a packet, there is no verdict to wait for.
    public mutating func renderUntracked(_ event: EventView, into buffer: inout ByteBuffer) {
        choice.removeAll()
        consider(event, at: 0)
        guard owners.selects(event), let candidate = choice.candidates.first else { return }
        var parts = ByteBuffer(capacity: 4 << 10)
        var sizes = PacketStory.Sizes()
        if settings.texts == .all {
            timeline.renderUntracked(event, into: &parts)
            sizes.timeline = parts.count
            json.renderUntracked(event, into: &parts)
            // The object's end is appended with the others', after a verdict.
            parts.trimLineEnds()
            parts.truncate(to: parts.count - 1)
            sizes.json = parts.count - sizes.timeline
        }
        story.complete(parts.bytes, sizes, from: 0)
        let start = parts.count
        appendBlock(event, candidate, event.ownProcess, &parts)
        enqueueBlocks(in: parts.bytes.extracting(start..<parts.count), events: 1)
        releaseExcess(&buffer)
    }

    /// Writes what has waited long enough. The head comes at once, since a reader waits for it.
    public mutating func renderPause(at now: UInt64, into buffer: inout ByteBuffer) {
        clockOffset = max(clockOffset, names.wallClock.offset(at: now))
        let horizon = Int64(clamping: now) &+ clockOffset &- Int64(clamping: settings.hold)
        writeHead(&buffer)
        guard queue.hasDue(at: horizon) else { return }
        story.moveHeads(to: &buffer)
        queue.release(until: horizon, into: &buffer)
    }

    public mutating func renderEnd(into buffer: inout ByteBuffer) {
        writeHead(&buffer)
        story.moveHeads(to: &buffer)
        queue.release(until: .max, into: &buffer)
        interfaces.appendCounts(at: max(0, queue.latest), to: &buffer)
    }

    /// Descriptions of interfaces come before the packets that need them.
    private mutating func releaseExcess(_ buffer: inout ByteBuffer) {
        guard queue.isFull else { return }
        writeHead(&buffer)
        story.moveHeads(to: &buffer)
        queue.releaseExcess(into: &buffer)
    }

    private mutating func writeHead(_ buffer: inout ByteBuffer) {
        guard !hasHead else { return }
        hasHead = true
        writer.appendSection(
            application: origin.application, system: "Linux \(origin.kernel)", hardware: origin.machine,
            comment: origin.commandLine, to: &buffer)
    }
}

extension EventView {
    /// The running process, unless an interrupt made it a bystander.
    var ownProcess: (pid: UInt32, tid: UInt32)? {
        guard !flags.contains(.interrupt), let task, task.pid != 0 else { return nil }
        return (task.pid, task.tid)
    }
}
