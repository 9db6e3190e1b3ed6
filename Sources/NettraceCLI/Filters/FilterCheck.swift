import ArgumentParser
import HostInspection
import KernelAccess
import Rendering
import Tracers

/// Reads all filters on anything but a packet's bytes. Checks each term against the machine: refuses a term that can
/// match nothing, and notes one that matches nothing yet.
struct FilterCheck {
    private(set) var filters = MetadataFilters()
    /// Cgroups and containers as the user named them, for recordings.
    private(set) var groups = ReplayGroups()
    private(set) var notes: [String] = []
    /// nil: the packets come from a recording, whose machine cannot be asked.
    private let machine: (any FilterMachine)?

    init(_ arguments: MetadataArguments, excluded: [MetadataArguments], machine: (any FilterMachine)?) throws {
        self.machine = machine
        for (arguments, side) in [(arguments, Side.wanted)] + excluded.map({ ($0, Side.unwanted) }) {
            try addNamespaces(arguments, side)
            try addProcesses(arguments, side)
            try addOwners(arguments, side)
            let marks = Set(try FilterTerms.items(arguments.mark, "--mark").map(FilterTerms.mark))
            filters.marks.insert(marks, side)
        }
        // Devices are looked up in the namespaces, so these come first.
        try addInterfaces(arguments, .wanted)
        for excluded in excluded { try addInterfaces(excluded, .unwanted) }
        try setLengths(arguments, excluded: excluded)
        try checkRest()
    }

    /// Leaves the choice of processes to a capture file: packets are chosen for it when they have ended, since arriving ones
    /// pass their device before their process is known.
    mutating func takeProcesses() -> WantedProcesses {
        var wanted = WantedProcesses(ids: filters.processes.wanted, commands: filters.commands.wanted)
        filters.processes.wanted = []
        filters.commands.wanted = []
        // Containers are cgroups for the kernel, too.
        if groups.containers.wanted.isEmpty {
            wanted.cgroups = Set(groups.paths.wanted.map(ReplayGroups.path))
            groups.paths.wanted = []
            filters.cgroups.wanted = []
        }
        return wanted
    }

    enum Side { case wanted, unwanted }

    private mutating func addNamespaces(_ arguments: MetadataArguments, _ side: Side) throws {
        for item in try FilterTerms.items(arguments.netns, "--netns") {
            let inode: UInt32
            do {
                inode = try NetworkNamespace(named: item).inode
            } catch {
                throw ValidationError("--netns: \(error)")
            }
            if let machine, machine.interfaces(ofNamespace: inode) == nil {
                notes.append("--netns \(item): no process and no name of 'ip netns' is in this namespace")
            }
            filters.netns.insert([inode], side)
        }
    }

    private mutating func addProcesses(_ arguments: MetadataArguments, _ side: Side) throws {
        for item in try FilterTerms.items(arguments.pid, "--pid") {
            guard let id = UInt32(item), id > 0 else {
                throw ValidationError("--pid '\(item)': give the number of a process, from 1 on")
            }
            switch machine?.process(id) ?? .process {
            case .process: break
            case .thread(let owner):
                throw ValidationError("--pid \(id): this is a thread of process \(owner); give --pid \(owner)")
            case .none:
                let limit = machine?.processLimit.map { id >= $0 ? "; numbers of processes end below \($0) here" : "" }
                throw ValidationError("--pid \(id): there is no such process\(limit ?? "")")
            }
            filters.processes.insert([id], side)
        }
        for item in try FilterTerms.items(arguments.comm, "--comm") {
            // TASK_COMM_LEN: the kernel keeps only 15 bytes of a name.
            let name = String(decoding: item.utf8.prefix(15), as: UTF8.self)
            if side == .wanted, let machine, !machine.hasThread(named: name) {
                notes.append("--comm \(item): no process has this name now")
            }
            filters.commands.insert([name], side)
        }
    }

    private mutating func addInterfaces(_ arguments: MetadataArguments, _ side: Side) throws {
        let names = try FilterTerms.items(arguments.interface, "--interface")
        if names.contains("any") {
            guard side == .wanted else {
                throw ValidationError("--not --interface any: every packet is at some device, so nothing is left")
            }
            return
        }
        for name in names where !(1...15).contains(name.utf8.count) {
            throw ValidationError("--interface '\(name)': the name of an interface has 1 to 15 bytes")
        }
        filters.interfaces.insert(Set(names), side)
        guard let machine, !names.isEmpty else { return }
        let isOwn = filters.netns.wanted.isEmpty
        let namespaces = isOwn ? [try machine.ownNamespace] : filters.netns.wanted.sorted()
        let known = namespaces.compactMap { inode in
            machine.interfaces(ofNamespace: inode).map { (inode: inode, interfaces: $0) }
        }
        for name in names {
            let receivers = known.compactMap { inode, interfaces in
                interfaces.indices[name].map { MetadataFilters.Receiver(netns: inode, index: $0) }
            }
            filters.receivers.insert(Set(receivers), side)
            let lists = known.compactMap(\.interfaces.names)
            if receivers.isEmpty, lists.count == namespaces.count {
                note(missing: name, among: Array(Set(lists.joined())), isOwn: isOwn)
            }
        }
    }

    private mutating func note(missing name: String, among names: [String], isOwn: Bool) {
        let near = nearestNames(to: name, in: names, limit: 3)
        let advice = near.isEmpty ? "" : " (did you mean \(near.joined(separator: ", "))?)"
        notes.append(
            isOwn
                ? "this namespace has no interface '\(name)'\(advice); interfaces of that name elsewhere are matched"
                : "the namespace of --netns has no interface '\(name)'\(advice): nothing matches until it has")
    }

    private mutating func addOwners(_ arguments: MetadataArguments, _ side: Side) throws {
        for item in try FilterTerms.items(arguments.uid, "--uid") {
            guard let id = UInt32(item) ?? ProcessTable.user(named: item) else {
                throw ValidationError("--uid '\(item)': /etc/passwd has no such user; give a name of it, or a number")
            }
            filters.users.insert([id], side)
        }
        for item in try FilterTerms.items(arguments.cgroup, "--cgroup") {
            groups.paths.insert([item], side)
            guard let machine else { continue }
            guard let id = machine.cgroup(item) else {
                throw ValidationError(
                    "--cgroup '\(item)': the hierarchy of version 2 has no such cgroup; give a path such as "
                        + "/system.slice/ssh.service, or one below its mount")
            }
            filters.cgroups.insert([id], side)
        }
        for item in try FilterTerms.items(arguments.container, "--container") {
            groups.containers.insert([item], side)
            guard let machine else { continue }
            let search = machine.containers(named: item)
            guard !(search.cgroups.isEmpty && search.processes.isEmpty) else {
                let others = search.others.prefix(20).joined(separator: ", ")
                throw ValidationError(
                    "--container '\(item)': no running container has this name, or an id that begins so; "
                        + (others.isEmpty ? "there is none here" : "there are \(others)"))
            }
            filters.cgroups.insert(search.cgroups, side)
            filters.processes.insert(search.processes, side)
            if search.cgroups.isEmpty {
                notes.append(
                    "--container \(item): its cgroups are of version 1, so it stands for the \(search.processes.count) "
                        + "processes that are in it now")
            }
        }
    }

    private mutating func setLengths(_ arguments: MetadataArguments, excluded: [MetadataArguments]) throws {
        let wanted = try FilterTerms.items(arguments.length, "--len").map(FilterTerms.length)
        let unwanted = try FilterTerms.items(excluded.flatMap(\.length), "--len").map(FilterTerms.length)
        guard !(wanted.isEmpty && unwanted.isEmpty) else { return }
        filters.lengths = LengthRanges.subtract(unwanted, from: wanted)
        if filters.lengths.isEmpty { throw Self.nothingLeft(of: "--len") }
    }

    private static func nothingLeft(of option: String) -> ValidationError {
        ValidationError("\(option): --not excludes all that is wanted, so that no packet can match")
    }

    /// Each filter must leave something to match, and must fit into the programs.
    private func checkRest() throws {
        let empties: [(Bool, String)] = [
            (filters.netns.isNothing, "--netns"), (filters.interfaces.isNothing, "--interface"),
            (filters.processes.isNothing, "--pid"), (filters.commands.isNothing, "--comm"),
            (filters.users.isNothing, "--uid"), (filters.cgroups.isNothing, "--cgroup"),
            (filters.marks.isNothing, "--mark"),
        ]
        for (isNothing, option) in empties where isNothing {
            throw Self.nothingLeft(of: option)
        }
        let limit = MetadataFilters.maximumTerms
        guard filters.marks.wanted.count + filters.marks.unwanted.count <= limit, filters.lengths.count <= limit else {
            throw ValidationError("--mark and --len take \(limit) values each at most")
        }
    }
}

extension ValueChoice {
    fileprivate mutating func insert(_ values: Set<Value>, _ side: FilterCheck.Side) {
        switch side {
        case .wanted: wanted.formUnion(values)
        case .unwanted: unwanted.formUnion(values)
        }
    }

    /// Whether every wanted value is also unwanted.
    fileprivate var isNothing: Bool { !wanted.isEmpty && wanted.isSubset(of: unwanted) }
}
