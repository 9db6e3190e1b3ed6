import CNettraceBPF
import KernelAccess
import PacketFilter

extension KernelFilter {
    init(_ filter: TranslatedFilter) {
        self.init()
        instructions = filter.instructions
        sets = filter.lists.sets
        (addresses, areSingleAddresses) = filter.lists.addressKeys
        portWords = filter.lists.portWords
        if filter.views.seesTags { views |= Int32(NT_CONFIG_RESTORE_VLAN) }
        if filter.views.seesExtensions { views |= Int32(NT_CONFIG_SEE_EXTENSIONS) }
        if filter.views.insideTunnels { views |= Int32(NT_CONFIG_INSIDE_TUNNELS) }
        if filter.views.insideErrors { views |= Int32(NT_CONFIG_INSIDE_ERRORS) }
    }
}
