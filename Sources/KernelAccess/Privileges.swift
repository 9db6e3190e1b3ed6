import CSyscalls
import Glibc
import SystemPackage

/// What this process may do, as far as tracing needs it.
public struct Privileges: Sendable, Equatable {
    /// Effective capabilities.
    public var held: CapabilitySet
    /// /sys/kernel/security/lockdown: "none", "integrity", "confidentiality"; `nil` where the kernel has no lockdown.
    public var lockdown: String?

    public init(held: CapabilitySet, lockdown: String?) {
        self.held = held
        self.lockdown = lockdown
    }

    /// Of this process, now.
    public static func current() -> Privileges {
        Privileges(held: .current(), lockdown: lockdownState())
    }

    /// What tracing needs and is not there.
    public var missing: CapabilitySet { CapabilitySet.tracing.missing(from: held) }

    public var suffice: Bool { missing.isEmpty && lockdown != "confidentiality" }

    /// `[none] integrity confidentiality`: the one in brackets is in force.
    private static func lockdownState() -> String? {
        readText("/sys/kernel/security/lockdown").flatMap { text in
            text.split(separator: "[").last?.split(separator: "]").first.map(String.init)
        }
    }
}
