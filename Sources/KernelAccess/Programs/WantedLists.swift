import CLibBPF
import CNettraceBPF

/// The metadata filters in the form that the programs read: BPF/include/nettrace_wanted.h.
struct WantedLists {
    private(set) var flags: Int32 = 0
    private(set) var entries: [(key: nt_wanted_key, verdict: UInt8)] = []
    private var lists: UInt32 = 0
    private let filters: MetadataFilters

    init(_ filters: MetadataFilters) {
        self.filters = filters
        add(filters.netns, NT_LIST_NETNS, NT_CONFIG_FILTER_NETNS) { (UInt64($0), 0) }
        add(filters.interfaces, NT_LIST_INTERFACE, NT_CONFIG_FILTER_INTERFACE, Self.name)
        add(filters.receivers, NT_LIST_RECEIVER, NT_CONFIG_FILTER_INTERFACE) {
            (UInt64($0.netns) << 32 | UInt64($0.index), 0)
        }
        add(filters.processes, NT_LIST_PROCESS, NT_CONFIG_FILTER_PID) { (UInt64($0), 0) }
        add(filters.commands, NT_LIST_COMMAND, NT_CONFIG_FILTER_PID, Self.name)
        add(filters.users, NT_LIST_USER, NT_CONFIG_FILTER_OWNER) { (UInt64($0), 0) }
        add(filters.cgroups, NT_LIST_CGROUP, NT_CONFIG_FILTER_OWNER) { ($0, 0) }
        if !filters.marks.isEmpty { flags |= Int32(NT_CONFIG_FILTER_MARK) }
        if !filters.lengths.isEmpty { flags |= Int32(NT_CONFIG_FILTER_LEN) }
    }

    private mutating func add<Value>(
        _ choice: ValueChoice<Value>, _ kind: Int32, _ flag: UInt32, _ bits: (Value) -> (UInt64, UInt64)
    ) {
        guard !choice.isEmpty else { return }
        flags |= Int32(flag)
        if !choice.wanted.isEmpty { lists |= 1 << UInt32(kind) }
        for (values, verdict) in [(choice.wanted, NT_WANTED), (choice.unwanted, NT_UNWANTED)] {
            for value in values {
                var key = nt_wanted_key()
                key.kind = UInt32(kind)
                key.value = bits(value)
                entries.append((key, UInt8(verdict)))
            }
        }
    }

    /// Names of devices and threads have at most 15 bytes and are padded with zeros.
    private static func name(_ text: String) -> (UInt64, UInt64) {
        var words: (UInt64, UInt64) = (0, 0)
        withUnsafeMutableBytes(of: &words) { $0.copyBytes(from: text.utf8.prefix(15)) }
        return words
    }

    func write(to config: inout nt_wanted_config) {
        config.lists = lists
        let marks = Array(filters.marks.wanted) + Array(filters.marks.unwanted)
        config.marks = UInt32(filters.marks.wanted.count)
        config.unwanted_marks = UInt32(filters.marks.unwanted.count)
        config.lengths = UInt32(filters.lengths.count)
        withUnsafeMutableBytes(of: &config.mark) { bytes in
            for (place, mark) in zip(bytes.bindMemory(to: nt_mark_term.self).indices, marks) {
                bytes.bindMemory(to: nt_mark_term.self)[place] = nt_mark_term(value: mark.value, mask: mark.mask)
            }
        }
        withUnsafeMutableBytes(of: &config.length) { bytes in
            for (place, range) in zip(bytes.bindMemory(to: nt_length_term.self).indices, filters.lengths) {
                bytes.bindMemory(to: nt_length_term.self)[place] = nt_length_term(
                    min: range.lowerBound, max: range.upperBound)
            }
        }
    }

    /// Fills the map after the load. Unwanted values come last, so that they win.
    func fill(_ map: OpaquePointer?) throws(KernelError) {
        for var (key, verdict) in entries {
            let error = bpf_map_update_elem(bpf_map__fd(map), &key, &verdict, UInt64(BPF_ANY))
            guard error == 0 else { throw KernelError("cannot pass the program its filters", result: error) }
        }
    }
}
