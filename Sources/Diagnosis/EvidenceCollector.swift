public import Analysis
import Events
import Protocols
import Tracers

/// Collects the evidence for one loss from a context.
public struct EvidenceCollector {
    private let hooks: [HookFacts]
    private let dropReasons: [UInt32: String]
    private let symbolize: (UInt64) -> String
    private let describeReturn: (_ hook: Int, _ value: UInt64) -> (number: Int64?, text: String)

    /// - Parameters:
    ///   - hooks: in the order of the attach plan.
    ///   - dropReasons: names as the kernel spells them, by value.
    ///   - symbolize: the kernel symbol of an address, as "name+0xoff".
    ///   - describeReturn: the number and the name of a hook's return value; the name is the number if the value has none.
    public init(
        hooks: [HookFacts], dropReasons: [UInt32: String], symbolize: @escaping (UInt64) -> String,
        describeReturn: @escaping (_ hook: Int, _ value: UInt64) -> (number: Int64?, text: String)
    ) {
        self.hooks = hooks
        self.dropReasons = dropReasons
        self.symbolize = symbolize
        self.describeReturn = describeReturn
    }

    /// Evidence for the drop at `index`; nil if its record cannot be read.
    public func evidence(forDropAt index: Int, in context: FinishedContext) -> Evidence? {
        guard let drop = context.event(at: index) else { return nil }
        return evidence(of: drop, at: index, in: context)
    }

    /// Evidence for a packet that ended without a drop; nil if it was not received, or does not demand an answer.
    ///
    /// - Parameter last: index of its last event.
    func evidence(ofSilenceAfter last: Int, in context: FinishedContext) -> Evidence? {
        // Reads the event of its reception, since later the packet may have no device (tcp_v4_rcv, net/ipv4/tcp_ipv4.c).
        for index in stride(from: min(last, context.count - 1), through: 0, by: -1) {
            guard let event = context.event(at: index), !event.flags.contains(.functionReturn),
                event.hook < hooks.count, hooks[event.hook].role == .receive,
                let device = Self.device(of: event), device.netns != 0
            else { continue }
            guard let packet = Packet(event), let unanswered = UnansweredRequest(packet) else { return nil }
            var found = evidence(of: event, at: index, in: context)
            found.inDevice = device
            found.unanswered = unanswered
            return found
        }
        return nil
    }

    private func evidence(of drop: EventView, at index: Int, in context: FinishedContext) -> Evidence {
        var evidence = Evidence(event: index, skb: drop.skb)
        if drop.hook < hooks.count { evidence.tracer = hooks[drop.hook].tracer }
        evidence.reason = drop.dropReason.map { dropReasons[$0] ?? String($0) }
        evidence.location = drop.dropLocation.map(symbolize)
        evidence.function = evidence.location.map(Evidence.function)
        if evidence.function == nil { evidence.function = tracer(of: drop.hook) }
        evidence.packet = Packet(drop)
        evidence.kinds = PacketKind(of: drop)
        evidence.etherType = drop.etherType
        evidence.length = drop.length
        evidence.mark = drop.meta?.mark ?? 0
        evidence.time = drop.timestamp
        if let socket = drop.socket, let user = socket.uid { evidence.socket = (user, socket.inode) }
        if let packet = drop.packet {
            let start = PacketSection.networkOffset
            for offset in start..<max(start, packet.bytes.byteCount) {
                evidence.bytes.append(unsafe packet.bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
            }
        }
        evidence.device = Self.device(of: drop)
        if let place = drop.device, place.netns != 0 { evidence.netns = place.netns }
        evidence.netns = evidence.netns ?? namespace(of: drop.skb, before: index, in: context)
        if let task = drop.task, !drop.flags.contains(.interrupt) {
            evidence.process = (task.pid, Self.text(task.command))
        }
        evidence.stack = stack(of: drop)
        evidence.vlans = Self.vlans(of: drop)
        if let frame = drop.frame { evidence.add(LostFrame(frame), reportedBy: tracer(of: drop.hook)) }
        addWay(to: index, of: drop.skb, in: context, &evidence)
        addReturns(before: drop.timestamp, in: context, &evidence)
        return evidence
    }

    /// The namespace in which the skb was last seen with a device. Before a drop in a socket it may lose its device, whose
    /// field the kernel reuses (net/ipv4/udp.c, udp_set_dev_scratch).
    private func namespace(of skb: UInt64, before drop: Int, in context: FinishedContext) -> UInt32? {
        for index in stride(from: drop - 1, through: 0, by: -1) {
            guard let event = context.event(at: index), event.skb == skb, let device = Self.device(of: event),
                device.netns != 0
            else { continue }
            return device.netns
        }
        return nil
    }

    /// Adds the tracers that the skb passed, and the device by which it entered the namespace of its end.
    private func addWay(to drop: Int, of skb: UInt64, in context: FinishedContext, _ evidence: inout Evidence) {
        for index in 0..<drop {
            guard let event = context.event(at: index), !event.flags.contains(.functionReturn), !isUnder(event.hook)
            else { continue }
            if event.skb == skb {
                evidence.waited = evidence.time - min(evidence.time, event.timestamp)
                if evidence.trail.last != tracer(of: event.hook) { evidence.trail.append(tracer(of: event.hook)) }
            }
            guard event.hook < hooks.count, hooks[event.hook].role == .receive,
                let device = Self.device(of: event), device.netns == evidence.netns
            else { continue }
            evidence.inDevice = device
            if evidence.vlans.isEmpty, event.skb == skb, device == evidence.device {
                evidence.vlans = Self.vlans(of: event)
            }
        }
    }

    /// Adds functions that were entered before the drop: those that led to it return after it.
    private func addReturns(before time: UInt64, in context: FinishedContext, _ evidence: inout Evidence) {
        for index in 0..<context.count {
            guard let event = context.event(at: index), let result = event.functionReturn, result.entered <= time,
                !isUnder(event.hook)
            else { continue }
            let (number, text) = describeReturn(event.hook, result.value)
            evidence.returns.append(
                .init(
                    tracer: tracer(of: event.hook), number: number, text: text,
                    surroundsDrop: event.timestamp >= time, event: index))
        }
    }

    /// Whether the function has no skb: it ran while the packet was handled, perhaps for another one.
    private func isUnder(_ hook: Int) -> Bool { hook < hooks.count && hooks[hook].flags.contains(.under) }

    /// Symbols of its call stack, the innermost first; empty if none was recorded.
    private func stack(of event: EventView) -> [String] {
        guard let stack = event.stack else { return [] }
        return (0..<stack.count).map { symbolize(stack.frame($0)) }
    }

    private func tracer(of hook: Int) -> String { hook < hooks.count ? hooks[hook].tracer : "hook \(hook)" }

    private static func vlans(of event: EventView) -> [UInt16] {
        guard let tags = Packet(event)?.vlanTags else { return [] }
        return [tags.first, tags.second, tags.third].compactMap { $0?.id }
    }

    private static func device(of event: EventView) -> Evidence.Device? {
        guard let device = event.device, device.ifindex != 0 else { return nil }
        return .init(name: text(device.name), ifindex: device.ifindex, netns: device.netns)
    }

    static func text(_ bytes: RawSpan) -> String {
        var characters: [UInt8] = []
        for offset in 0..<bytes.byteCount {
            characters.append(unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self))
        }
        return String(decoding: characters, as: UTF8.self)
    }
}

extension EvidenceCollector {
    /// Returns the report of a frame that XDP has lost; nil if the record is of another kind, or reports no loss.
    func report(in event: EventView) -> FrameReports.Report? {
        guard let frame = event.frame, event.flags.contains(.drop) else { return nil }
        let lost = LostFrame(frame)
        return FrameReports.Report(
            tracer: tracer(of: event.hook), frame: lost, carrier: FrameCarrier(of: lost, stack: stack(of: event)),
            ifindex: event.device?.ifindex)
    }
}

extension Evidence {
    mutating func add(_ lost: LostFrame, reportedBy tracer: String) {
        lostFrame = lost
        returns.append(
            Return(tracer: tracer, number: lost.causeNumber, text: lost.text, surroundsDrop: true, event: event))
    }
}
