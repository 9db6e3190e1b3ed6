import KernelTypes

extension TypeTable {
    /// Adds the reasons of resets, if this type is `enum sk_rst_reason` (include/net/rstreason.h).
    func addResetReasons(of record: TypeRecord, to names: inout [UInt32: String]) {
        guard record.kind == .enumeration, isName(record.name, "sk_rst_reason") else { return }
        for element in elements(of: record) { names[element.value] = name(element.name) }
    }
}
