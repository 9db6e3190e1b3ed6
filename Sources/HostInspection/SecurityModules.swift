internal import CLibBPF
internal import CSyscalls
internal import Glibc

/// A BPF program that acts as a security module (BPF LSM).
public struct SecurityProgram: Sendable, Equatable {
    public var id: UInt32
    /// Empty if the program was loaded without a name, or no longer exists.
    public var name: String

    public init(id: UInt32, name: String) {
        self.id = id
        self.name = name
    }
}

/// Security modules and BPF LSM programs, which restrict access beyond the kernel's own permissions
/// (include/linux/lsm_hooks.h).
public enum SecurityModules {
    /// Programs attached to a hook, by its name in include/linux/lsm_hook_defs.h.
    public static func programs(at hook: String) throws(InspectionError) -> [SecurityProgram] {
        var found: [SecurityProgram] = []
        var place: UInt32?
        var id: UInt32 = 0
        while true {
            guard bpf_link_get_next_id(id, &id) == 0 else {
                guard errno == ENOENT else { throw .noPermission(to: "look at BPF links") }
                return found
            }
            guard let link = BPFInformation.link(id), link.type == BPF_LINK_TYPE_TRACING.rawValue,
                link.tracing.attach_type == BPF_LSM_MAC.rawValue
            else { continue }
            // Loading the kernel's BTF takes time, and most machines have no such link.
            if place == nil {
                let type = libbpf_find_vmlinux_btf_id(hook, BPF_LSM_MAC)
                guard type > 0 else { return [] }
                place = UInt32(type)
            }
            guard link.tracing.target_btf_id == place else { continue }
            found.append(SecurityProgram(id: link.prog_id, name: BPFInformation.name(ofProgram: link.prog_id)))
        }
    }

    /// Names of the active modules ("apparmor", "selinux", "bpf"); nil if the kernel does not report them.
    public static func active() -> [String]? {
        let root = nt_private_mount("securityfs")
        guard root >= 0 else { return nil }
        defer { close(root) }
        let file = openat(root, "lsm", O_RDONLY | O_CLOEXEC)
        guard file >= 0 else { return nil }
        defer { close(file) }
        guard let text = try? contents(of: file, limit: 1024), !text.isEmpty else { return nil }
        return text.split { $0 == "," || $0 == "\n" }.map(String.init)
    }
}
