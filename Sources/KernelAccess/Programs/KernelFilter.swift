import CLibBPF
public import CNettraceBPF

/// A packet filter in the form that the programs need: BPF/filter/filter.h, filter_sets.h and filter_views.h.
public struct KernelFilter: Sendable {
    /// eBPF, the body of nt_packet_filter; if empty, only the lists decide.
    public var instructions: [UInt64] = []
    /// NT_SET_ bits of the lists that a packet must be in.
    public var sets: UInt16 = 0
    public var addresses: [nt_address_key] = []
    /// Whether `addresses` contains no networks.
    public var areSingleAddresses = false
    /// `nt_port_sets.words`, row after row; empty without ports.
    public var portWords: [UInt64] = []
    /// NT_CONFIG_ bits of the headers that the filter reads: RESTORE_VLAN, SEE_EXTENSIONS, INSIDE_TUNNELS,
    /// INSIDE_ERRORS.
    public var views: Int32 = 0

    public init() {}

    /// NT_CONFIG_ bits of the filter.
    var flags: Int32 { views | (instructions.isEmpty ? 0 : Int32(NT_CONFIG_FILTER_PACKET)) }

    /// Sets sizes and types before the load. A look-up in a hash table is several times as fast as one in a trie.
    func prepareMaps(of object: nettrace_object) {
        guard !addresses.isEmpty else { return }
        bpf_map__set_max_entries(object.map(.filterAddresses), UInt32(addresses.count))
        guard areSingleAddresses else { return }
        bpf_map__set_type(object.map(.filterAddresses), BPF_MAP_TYPE_HASH)
        bpf_map__set_map_flags(object.map(.filterAddresses), 0)
    }

    /// Fills the maps after the load.
    func fillMaps(of object: nettrace_object) throws(KernelError) {
        let map = bpf_map__fd(object.map(.filterAddresses))
        var listed: UInt8 = 1
        for address in addresses {
            let error = withUnsafePointer(to: address) { bpf_map_update_elem(map, $0, &listed, UInt64(BPF_ANY)) }
            guard error == 0 else {
                throw KernelError("cannot hand the list of addresses to the kernel", result: error)
            }
        }
        guard !portWords.isEmpty else { return }
        var key: UInt32 = 0
        let error = bpf_map_update_elem(bpf_map__fd(object.map(.filterPorts)), &key, portWords, UInt64(BPF_ANY))
        guard error == 0 else { throw KernelError("cannot hand the list of ports to the kernel", result: error) }
    }
}
