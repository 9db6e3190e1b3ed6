import CSyscalls
import Glibc
import SystemPackage

/// The privileges of a process, as far as tracing needs them.
public struct Privileges: Sendable, Equatable {
    /// Effective capabilities.
    public var held: CapabilitySet
    /// /sys/kernel/security/lockdown: "none", "integrity" or "confidentiality"; nil if the kernel has no lockdown.
    public var lockdown: String?

    public init(held: CapabilitySet, lockdown: String?) {
        self.held = held
        self.lockdown = lockdown
    }

    /// The privileges of this process now.
    public static func current() -> Privileges {
        Privileges(held: .current(), lockdown: lockdownState())
    }

    /// Capabilities that tracing needs and the process lacks.
    public var missing: CapabilitySet { CapabilitySet.tracing.missing(from: held) }

    public var suffice: Bool { missing.isEmpty && lockdown != "confidentiality" }

    /// Parses `[none] integrity confidentiality`: the value in brackets is in force.
    private static func lockdownState() -> String? {
        readText("/sys/kernel/security/lockdown").flatMap { text in
            text.split(separator: "[").last?.split(separator: "]").first.map(String.init)
        }
    }
}
