import CNettraceBPF
import Events
import KernelAccess
import PacketFilter
import Recording

/// The filters of the command line, over the records of a recording: what the kernel side decides in a trace. A record
/// without the section that a filter asks about does not match.
struct ReplayFilters {
    let hooks: [Bool]
    let packet: ReplayFilter?
    /// Its filters on metadata.
    let configuration: TraceConfiguration
    /// The filter chooses packets, not events.
    let choosesPackets: Bool
    /// Returns of functions are events; otherwise they are passed over.
    let wantsReturns: Bool

    /// All events of a packet that has matched are shown, whatever its headers (`--skb-mode`, `--diag`).
    private var followsPackets: Bool { configuration.followsPackets }
    /// Packets that have matched, where that decides about their later events.
    private var matched: Set<UInt64> = []

    init(
        hooks: [Bool], packet: ReplayFilter?, configuration: TraceConfiguration, choosesPackets: Bool,
        wantsReturns: Bool
    ) {
        self.choosesPackets = choosesPackets || configuration.followsPackets
        self.hooks = hooks
        self.packet = packet
        self.configuration = configuration
        self.wantsReturns = wantsReturns
    }

    /// What to do with a record.
    enum Verdict {
        case show
        /// It does not match, but its packet may have matched before, and this tells what became of it.
        case hide
        /// Its tracer is not wanted, but an skb ends here of a packet that may be.
        case endOnly
        case leaveOut
    }

    mutating func verdict(on record: RawSpan) -> Verdict {
        guard let event = EventView(record) else { return .leaveOut }
        if event.flags.contains(.silent) { return .show }
        guard wantsReturns || !event.flags.contains(.functionReturn) else { return .leaveOut }
        guard event.hook >= hooks.count || hooks[event.hook] else {
            return event.flags.contains(.free) && event.context != nil ? .endOnly : .leaveOut
        }
        return verdict(on: event)
    }

    /// As in the kernel (BPF/nettrace.bpf.c, show): the filter chooses packets, and these are followed to their end.
    private mutating func verdict(on event: EventView) -> Verdict {
        guard choosesPackets, let context = event.context else {
            let isShown = !event.flags.contains(.hidden) && matchesMetadata(event) && matchesPacket(event)
            return isShown ? .show : .leaveOut
        }
        let isChosen = matched.contains(context)
        if isChosen && followsPackets { return .show }
        // When it was recorded its packet was followed, and its headers did not match.
        if event.flags.contains(.hidden), !followsPackets || !isChosen && hasFilters { return .hide }
        guard isChosen || matchesMetadata(event), matchesPacket(event) else { return .hide }
        if hasFilters { matched.insert(context) }
        return .show
    }

    /// What was hidden when it was recorded is shown.
    func unhides(_ record: RawSpan) -> Bool {
        followsPackets && EventView(record)?.flags.contains(.hidden) == true
    }

    private var hasFilters: Bool {
        packet != nil || configuration.length != nil || configuration.mark != nil || configuration.netns != nil
            || configuration.interface != nil || configuration.pid != nil
    }

    private func matchesMetadata(_ event: EventView) -> Bool {
        if let length = configuration.length, !length.contains(event.length) { return false }
        if let mark = configuration.mark {
            guard let meta = event.meta, meta.mark & mark.mask == mark.value else { return false }
        }
        if let netns = configuration.netns {
            guard let device = event.device, device.netns == netns else { return false }
        }
        if let interface = configuration.interface {
            guard let device = event.device, device.name.equals(interface.name) else { return false }
        }
        if let pid = configuration.pid {
            // Outside of process context the task is a bystander.
            guard let task = event.task, task.pid == pid, !event.flags.contains(.interrupt) else { return false }
        }
        return true
    }

    private func matchesPacket(_ event: EventView) -> Bool {
        guard let packet else { return true }
        guard let section = event.packet else { return false }
        return packet.matches(
            FilteredPacket(
                frame: section.bytes, hasEthernet: event.flags.contains(.link), etherType: event.etherType,
                length: Int(event.length) + event.dataOffset, tag: packet.views.seesTags ? event.vlanTag : nil))
    }
}

extension RawSpan {
    /// Passes on a record with other flags: as no event, or as one again.
    func present(
        to consumer: inout some RecordConsumer & ~Copyable, adding added: EventFlags = [],
        removing removed: EventFlags = []
    ) {
        withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: 8) { copy in
            withUnsafeBytes { copy.copyMemory(from: $0) }
            var head = copy.load(as: nt_event.self)
            head.flags = (head.flags | added.rawValue) & ~removed.rawValue
            copy.storeBytes(of: head, as: nt_event.self)
            _ = consumer.present(UnsafeRawBufferPointer(copy))
        }
    }

    fileprivate func equals(_ text: String) -> Bool {
        withUnsafeBytes { $0.elementsEqual(text.utf8) }
    }
}
