import Analysis
import Events
import Protocols

/// Processes whose packets go to a capture file.
public struct WantedProcesses: Sendable {
    public var ids: Set<UInt32>
    /// Names of threads, at most 15 bytes.
    public var commands: Set<String>
    /// Paths of cgroups, from the root of their hierarchy on. Sockets of cgroups below them count.
    public var cgroups: Set<String>

    public init(ids: Set<UInt32>, commands: Set<String>, cgroups: Set<String> = []) {
        self.ids = ids
        self.commands = commands
        self.cgroups = cgroups
    }

    public var isEmpty: Bool { ids.isEmpty && commands.isEmpty && cgroups.isEmpty }
}

/// Finds the packets of processes: those that a process handles at one of their events, outside of interrupts; those of a
/// socket that it has open; and all packets of a connection that one of these belongs to. A packet that arrives passes its
/// device long before any hook can name its process, so packets are chosen when they have ended.
struct OwnerSelection {
    private struct End: Hashable {
        var high: UInt64
        var low: UInt64
        var port: UInt16
    }

    /// Both ends, the smaller first, and the protocol.
    private struct Flow: Hashable {
        var ends: [End]
        var proto: UInt8
    }

    private let wanted: WantedProcesses
    private let names: NameTable
    private let family: ProcessFamily
    private var flows: Set<Flow> = []

    /// Connections that are remembered at most; then all are forgotten, and found again by their next packets.
    private static let flowLimit = 1 << 16

    /// - Parameter family: knows the children of the wanted processes; nil: nobody does.
    init(_ wanted: WantedProcesses, names: NameTable, family: ProcessFamily?) {
        self.wanted = wanted
        self.names = names
        self.family = family ?? ProcessFamily(wanted.ids) { _ in nil }
    }

    mutating func selects(_ context: FinishedContext) -> Bool {
        guard !wanted.isEmpty else { return true }
        var isOwned = false
        for index in 0..<context.count where !isOwned {
            if let event = context.event(at: index) { isOwned = isWanted(event) }
        }
        var flow: Flow?
        for index in 0..<context.count {
            guard let event = context.event(at: index), let found = Self.flow(of: event), found != flow else {
                continue
            }
            flow = found
            if isOwned {
                remember(found)
            } else if flows.contains(found) {
                return true
            }
        }
        return isOwned
    }

    /// An event that belongs to no packet.
    mutating func selects(_ event: EventView) -> Bool {
        guard !wanted.isEmpty else { return true }
        let flow = Self.flow(of: event)
        guard isWanted(event) else { return flow.map(flows.contains) ?? false }
        if let flow { remember(flow) }
        return true
    }

    private mutating func remember(_ flow: Flow) {
        if flows.count >= Self.flowLimit { flows.removeAll(keepingCapacity: true) }
        flows.insert(flow)
    }

    private func isWanted(_ event: EventView) -> Bool {
        if !event.flags.contains(.interrupt), let task = event.task, task.pid != 0 {
            if family.contains(task.pid, at: event.timestamp) { return true }
            if !wanted.commands.isEmpty, wanted.commands.contains(task.command.string) { return true }
        }
        guard let socket = event.socket else { return false }
        if !wanted.cgroups.isEmpty, let path = names.sockets.cgroupPath(of: socket), isWanted(cgroup: path) {
            return true
        }
        guard let owner = names.sockets.owner(of: socket) else { return false }
        return family.contains(owner.pid, at: event.timestamp) || wanted.commands.contains(owner.command)
    }

    private func isWanted(cgroup path: String) -> Bool {
        wanted.cgroups.contains {
            $0 == "/" || path == $0 || path.hasPrefix($0) && path.dropFirst($0.count).first == "/"
        }
    }

    /// nil without ports: of other protocols only the hosts are alike, and these are not the process's alone. nil also with
    /// port 0, which is that of a listening socket before the packet has its headers: all connections of the server share it.
    private static func flow(of event: EventView) -> Flow? {
        var packet = Packet()
        guard packet.decode(event), let proto = packet.headers.proto, let ports = packet.headers.ports,
            ports.source != 0, ports.destination != 0
        else { return nil }
        let ends: [End]
        switch packet.headers.network {
        case .ipv4(let header):
            ends = [
                End(high: 0, low: UInt64(header.source.bits), port: ports.source),
                End(high: 0, low: UInt64(header.destination.bits), port: ports.destination),
            ]
        case .ipv6(let header):
            ends = [
                End(high: header.source.high, low: header.source.low, port: ports.source),
                End(high: header.destination.high, low: header.destination.low, port: ports.destination),
            ]
        case .arp, .none: return nil
        }
        let isOrdered = (ends[0].high, ends[0].low, ends[0].port) <= (ends[1].high, ends[1].low, ends[1].port)
        return Flow(ends: isOrdered ? ends : [ends[1], ends[0]], proto: proto)
    }
}

extension RawSpan {
    fileprivate var string: String { withUnsafeBytes { String(decoding: $0, as: UTF8.self) } }
}
