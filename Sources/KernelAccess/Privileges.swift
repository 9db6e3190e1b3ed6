import CSyscalls
import Glibc
import SystemPackage

/// What this process may do, as far as tracing needs it.
public struct Privileges: Sendable, Equatable {
    public var isRoot: Bool
    /// Effective capabilities, by the names of capabilities(7), of those that tracing needs.
    public var missing: [String]
    /// /sys/kernel/security/lockdown: "none", "integrity", "confidentiality"; `nil` where the kernel has no lockdown.
    public var lockdown: String?

    /// Of this process, now.
    public static func current() -> Privileges {
        var effective: UInt64 = 0
        _ = nt_effective_capabilities(&effective)
        let has = { (bit: Int) in effective >> UInt64(bit) & 1 == 1 }
        // CAP_SYS_ADMIN contained CAP_BPF and CAP_PERFMON before 5.8, and still grants both.
        let missing = has(21) ? [] : [(39, "CAP_BPF"), (38, "CAP_PERFMON")].filter { !has($0.0) }.map(\.1)
        return Privileges(isRoot: geteuid() == 0, missing: missing, lockdown: lockdownState())
    }

    public var suffice: Bool { missing.isEmpty && lockdown != "confidentiality" }

    /// `[none] integrity confidentiality`: the one in brackets is in force.
    private static func lockdownState() -> String? {
        readText("/sys/kernel/security/lockdown").flatMap { text in
            text.split(separator: "[").last?.split(separator: "]").first.map(String.init)
        }
    }
}
