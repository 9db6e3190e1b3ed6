import CNettraceBPF
import Events
import KernelAccess
import PacketFilter
import Recording

/// Applies the filters of the command line to a recording, as the kernel side does in a trace. A record without the
/// section that a filter reads does not match.
struct ReplayFilters {
    let hooks: [Bool]
    /// nil: any event.
    let trouble: ReplayTrouble?
    let packet: ReplayFilter?
    private var display: DisplayFilter?
    /// Whether there is any filter besides the selection of tracers. Asked for every event.
    private let hasFilters: Bool
    /// Filters on metadata.
    let filters: MetadataFilters
    let groups: ReplayGroups
    /// Whether the filter selects packets, not single events.
    let choosesPackets: Bool
    /// Whether all events of a matched packet are shown, whatever its headers (`--skb-mode`, `--diag`).
    private let followsPackets: Bool
    /// Whether returns of functions are events; otherwise they are skipped.
    let wantsReturns: Bool
    /// The path of a cgroup in the recording.
    let cgroupPath: (UInt64) -> String?

    /// Packets that have matched, if that decides about their later events.
    private var matched: Set<UInt64> = []
    private var memory = ReplayMemory()

    init(
        hooks: [Bool], trouble: ReplayTrouble?, packet: ReplayFilter?, display: DisplayFilter?, check: FilterCheck,
        choosesPackets: Bool, followsPackets: Bool, wantsReturns: Bool, cgroupPath: @escaping (UInt64) -> String?
    ) {
        self.choosesPackets = choosesPackets || followsPackets
        self.hooks = hooks
        self.trouble = trouble
        self.packet = packet
        self.display = display
        filters = check.filters
        groups = check.groups
        self.followsPackets = followsPackets
        self.wantsReturns = wantsReturns
        self.cgroupPath = cgroupPath
        hasFilters = packet != nil || display != nil || filters != MetadataFilters() || !groups.isEmpty
    }

    /// How to treat a record.
    enum Verdict {
        case show
        /// The record does not match, but its packet may have matched before, and needs it to be complete.
        case hide
        /// The tracer is not wanted, but an skb ends here whose packet may be wanted.
        case endOnly
        case leaveOut
    }

    mutating func verdict(on record: RawSpan) -> Verdict {
        guard let event = EventView(record) else { return .leaveOut }
        if !filters.interfaces.isEmpty, let device = event.device { memory.learn(device) }
        if event.flags.contains(.silent) { return .show }
        guard wantsReturns || !event.flags.contains(.functionReturn) else { return .leaveOut }
        guard event.hook >= hooks.count || hooks[event.hook], trouble?.shows(event) ?? true else {
            return event.flags.contains(.free) && event.context != nil ? .endOnly : .leaveOut
        }
        return verdict(on: event)
    }

    /// The same as show() of BPF/trace.h: the filter selects packets, and these are followed to their end.
    private mutating func verdict(on event: EventView) -> Verdict {
        guard choosesPackets, let context = event.context else {
            let isShown = !event.flags.contains(.hidden) && matchesMetadata(event) && matchesPacket(event)
            return isShown ? .show : .leaveOut
        }
        let isChosen = matched.contains(context)
        if isChosen && followsPackets { return .show }
        // The recorded run followed this packet after its headers no longer matched.
        if event.flags.contains(.hidden), !followsPackets || !isChosen && hasFilters { return .hide }
        guard isChosen || matchesMetadata(event), matchesPacket(event) else { return .hide }
        if hasFilters { matched.insert(context) }
        return .show
    }

    /// Whether a record that was hidden in the recorded run is shown.
    func unhides(_ record: RawSpan) -> Bool {
        followsPackets && EventView(record)?.flags.contains(.hidden) == true
    }

    private mutating func matchesMetadata(_ event: EventView) -> Bool {
        guard filters.allows(length: event.length) else { return false }
        guard filters.marks.isEmpty || filters.allows(mark: event.meta?.mark) else { return false }
        guard filters.netns.isEmpty || filters.netns.allows(namespace(of: event)) else { return false }
        guard filters.interfaces.isEmpty || matchesInterface(event) else { return false }
        guard !filters.selectsProcess || memory.matchesProcess(event, filters) else { return false }
        guard filters.users.isEmpty || filters.users.allows(event.socket?.uid) else { return false }
        return groups.isEmpty || groups.allow(event.socket?.cgroup.flatMap(cgroupPath))
    }

    private func namespace(of event: EventView) -> UInt32? {
        guard let device = event.device else { return nil }
        return device.netns
    }

    /// Compares the device where the packet is, and the one that received it.
    private func matchesInterface(_ event: EventView) -> Bool {
        let wanted = filters.interfaces
        guard let device = event.device else { return wanted.wanted.isEmpty }
        let here = device.name.text
        let receiver = event.meta.flatMap { memory.name(ofIndex: $0.receivingIfindex, in: device.netns) } ?? here
        guard !wanted.unwanted.contains(here), !wanted.unwanted.contains(receiver) else { return false }
        return wanted.wanted.isEmpty || wanted.wanted.contains(here) || wanted.wanted.contains(receiver)
    }

    private mutating func matchesPacket(_ event: EventView) -> Bool {
        guard display?.matches(event) ?? true else { return false }
        guard let packet else { return true }
        guard let section = event.packet else { return false }
        return packet.matches(
            FilteredPacket(
                frame: section.bytes, hasEthernet: event.flags.contains(.link), etherType: event.etherType,
                length: Int(event.length) + event.dataOffset, tag: packet.views.seesTags ? event.vlanTag : nil))
    }
}

/// Facts from earlier records that later ones need.
private struct ReplayMemory {
    /// Sockets that a process was seen to use, and whether that process is wanted. See match_process() of BPF/filter/owner.h.
    private var sockets: [UInt64: Bool] = [:]
    /// Names of devices, by namespace and index.
    private var devices: [UInt64: String] = [:]

    /// The same number as on the kernel side.
    private static let limit = 16 << 10

    func name(ofIndex index: UInt32, in netns: UInt32) -> String? { devices[UInt64(netns) << 32 | UInt64(index)] }

    mutating func learn(_ device: DeviceSection) {
        let key = UInt64(device.netns) << 32 | UInt64(device.ifindex)
        guard device.ifindex != 0, devices[key] == nil, devices.count < Self.limit else { return }
        devices[key] = device.name.text
    }

    mutating func matchesProcess(_ event: EventView, _ filters: MetadataFilters) -> Bool {
        let socket = event.socket.map(\.address) ?? 0
        // Outside of process context the current task is unrelated to the packet.
        if let task = event.task, !event.flags.contains(.interrupt) {
            let command = task.command.text
            let isUnwanted =
                filters.processes.unwanted.contains(task.pid) || filters.commands.unwanted.contains(command)
            let isWanted = filters.processes.allows(task.pid) && filters.commands.allows(command)
            if isUnwanted || isWanted {
                if socket != 0, sockets.count < Self.limit || sockets[socket] != nil { sockets[socket] = isWanted }
                return isWanted
            }
        }
        return sockets[socket] ?? (filters.processes.wanted.isEmpty && filters.commands.wanted.isEmpty)
    }
}

extension RawSpan {
    /// Passes on a record with changed flags: as no event, or as an event again.
    func present(
        to consumer: inout some RecordConsumer & ~Copyable, adding added: EventFlags = [],
        removing removed: EventFlags = []
    ) {
        withUnsafeTemporaryAllocation(byteCount: byteCount, alignment: 8) { copy in
            withUnsafeBytes { copy.copyMemory(from: $0) }
            var head = copy.load(as: nt_event.self)
            head.flags = (head.flags | added.rawValue) & ~removed.rawValue
            copy.storeBytes(of: head, as: nt_event.self)
            consumer.present(UnsafeRawBufferPointer(copy))
        }
    }

    /// At most 15 bytes, which a String holds without an allocation.
    fileprivate var text: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}
