import CLibBPF

extension TypeInformation {
    /// Adds the reasons of resets, if this type is `enum sk_rst_reason` (include/net/rstreason.h).
    func addResetReasons(of id: UInt32, to names: inout [UInt32: String]) {
        guard let type = type(id), kind(type) == .enumeration, name(type.pointee.name_off).matches("sk_rst_reason")
        else { return }
        for value in trailing(type, as: btf_enum.self) {
            guard let name = name(value.name_off) else { continue }
            names[UInt32(bitPattern: value.val)] = String(cString: name)
        }
    }
}
