import CLibBPF
import SystemPackage

/// The drop reasons of the running kernel, for callers that need no other description of it.
public enum DropReasonNames {
    /// Names by value, of the core and of loaded subsystems, as in the kernel's source. Empty before Linux 5.17, which
    /// has no reasons. Needs no privileges. Throws if the kernel has no BTF.
    public static func read() throws(KernelError) -> [UInt32: String] {
        let kernel = try TypeInformation()
        var names: [UInt32: String] = [:]
        kernel.addDropReasons(from: 1, to: &names)
        for module in directoryEntries("/sys/kernel/btf") where module != "vmlinux" {
            guard let types = TypeInformation(module: module, base: kernel) else { continue }
            types.addDropReasons(from: types.firstID, to: &names)
        }
        return names
    }
}

extension TypeInformation {
    /// Adds the drop reasons of every enum from type `first` on.
    func addDropReasons(from first: UInt32, to names: inout [UInt32: String]) {
        for id in first..<count {
            guard let type = type(id), kind(type) == .enumeration else { continue }
            addDropReasons(of: type, to: &names)
        }
    }

    /// Adds the enumerators of skb_drop_reason or of an enum that a subsystem registers besides it: ovs_drop_reason,
    /// mac80211_drop_reason, … (skb_drop_reason_subsys only numbers the subsystems and must stay out.)
    func addDropReasons(of type: UnsafePointer<btf_type>, to names: inout [UInt32: String]) {
        guard let name = name(type.pointee.name_off), String(cString: name).hasSuffix("_drop_reason") else { return }
        for value in trailing(type, as: btf_enum.self) {
            guard let name = self.name(value.name_off) else { continue }
            // mac80211 also lists its internal numbers, which are below those of any subsystem.
            guard names[UInt32(bitPattern: value.val)]?.hasPrefix("SKB_") != true else { continue }
            names[UInt32(bitPattern: value.val)] = String(cString: name)
        }
    }
}
