import KernelTypes

/// The drop reasons of the running kernel, for callers that need no other description of it.
public enum DropReasonNames {
    /// Names by value, of the core and of loaded subsystems, as in the kernel's source. Empty before Linux 5.17, which
    /// has no reasons. Needs no privileges. Throws if the kernel has no BTF.
    public static func read() throws(KernelError) -> [UInt32: String] {
        let kernel = try TypeTable.ofKernel()
        var names: [UInt32: String] = [:]
        kernel.addDropReasons(to: &names)
        for (_, types) in TypeTable.ofModules(over: kernel) { types.addDropReasons(to: &names) }
        return names
    }
}

extension TypeTable {
    /// Adds the drop reasons of every enum of this table.
    func addDropReasons(to names: inout [UInt32: String]) {
        for number in ids {
            guard let record = record(TypeID(number)), record.kind == .enumeration else { continue }
            addDropReasons(of: record, to: &names)
        }
    }

    /// Adds the enumerators of skb_drop_reason or of an enum that a subsystem registers besides it: ovs_drop_reason,
    /// mac80211_drop_reason, … (skb_drop_reason_subsys only numbers the subsystems and must stay out.)
    func addDropReasons(of record: TypeRecord, to names: inout [UInt32: String]) {
        guard name(record.name).hasSuffix("_drop_reason") else { return }
        for element in elements(of: record) {
            // mac80211 also lists its internal numbers, which are below those of any subsystem.
            guard names[element.value]?.hasPrefix("SKB_") != true else { continue }
            names[element.value] = name(element.name)
        }
    }
}
