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
    /// Returns of functions are events; otherwise they are passed over.
    let wantsReturns: Bool

    /// Packets that have matched, with `--skb-mode`.
    private var followed: Set<UInt64> = []

    init(hooks: [Bool], packet: ReplayFilter?, configuration: TraceConfiguration, wantsReturns: Bool) {
        self.hooks = hooks
        self.packet = packet
        self.configuration = configuration
        self.wantsReturns = wantsReturns
    }

    /// What to do with a record.
    enum Verdict {
        case show
        /// It is not wanted, but its packet may be, and an skb of it ends here.
        case endOnly
        case leaveOut
    }

    mutating func verdict(on record: RawSpan) -> Verdict {
        guard let event = EventView(record) else { return .leaveOut }
        if event.flags.contains(.silent) || matches(event) { return .show }
        return event.flags.contains(.free) && event.context != nil ? .endOnly : .leaveOut
    }

    private mutating func matches(_ event: EventView) -> Bool {
        guard wantsReturns || !event.flags.contains(.functionReturn) else { return false }
        guard event.hook >= hooks.count || hooks[event.hook] else { return false }
        if let context = event.context, followed.contains(context) { return true }
        guard matchesMetadata(event), matchesPacket(event) else { return false }
        if configuration.followsPackets, let context = event.context { followed.insert(context) }
        return true
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
                length: Int(event.length) + event.dataOffset, tag: packet.looksAtVLANTags ? event.vlanTag : nil))
    }
}

extension RawSpan {
    /// Passes on the end of an skb, but not as an event.
    func presentSilently(to consumer: inout some RecordConsumer & ~Copyable) {
        withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: 8) { copy in
            withUnsafeBytes { copy.copyMemory(from: $0) }
            var head = copy.load(as: nt_event.self)
            head.flags |= EventFlags.silent.rawValue
            copy.storeBytes(of: head, as: nt_event.self)
            _ = consumer.present(UnsafeRawBufferPointer(copy))
        }
    }

    fileprivate func equals(_ text: String) -> Bool {
        withUnsafeBytes { $0.elementsEqual(text.utf8) }
    }
}
