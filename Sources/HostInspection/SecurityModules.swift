internal import CLibBPF
internal import CSyscalls
internal import Glibc

/// A BPF program that decides like a security module (BPF LSM).
public struct SecurityProgram: Sendable, Equatable {
    public var id: UInt32
    /// Empty where it was loaded without one, or has gone meanwhile.
    public var name: String

    public init(id: UInt32, name: String) {
        self.id = id
        self.name = name
    }
}

/// Who has a say beside the kernel's own permissions (include/linux/lsm_hooks.h).
public enum SecurityModules {
    /// The programs that are attached to a hook, spelt as in include/linux/lsm_hook_defs.h.
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
            // Reading the kernel's types takes a moment: most machines have no such link at all.
            if place == nil {
                let type = libbpf_find_vmlinux_btf_id(hook, BPF_LSM_MAC)
                guard type > 0 else { return [] }
                place = UInt32(type)
            }
            guard link.tracing.target_btf_id == place else { continue }
            found.append(SecurityProgram(id: link.prog_id, name: BPFInformation.name(ofProgram: link.prog_id)))
        }
    }

    /// Names of those in force ("apparmor", "selinux", "bpf"); nil where the kernel does not tell.
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
