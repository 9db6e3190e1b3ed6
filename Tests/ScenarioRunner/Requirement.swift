import Glibc

/// A requirement of a scenario, as written in its file: `kprobe`, `tracepoints`, `btf`, `root`, `kernel>=6.1`,
/// `command:nft`, `module:vxlan`, `link:vxlan id 1` (a device of that type can be made), `check:shell words`, and each
/// with a leading `!` for the opposite.
struct Requirement {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    /// Whether the machine meets it. `succeeds` runs a shell script.
    func isMet(on machine: Machine, succeeds: (String) throws -> Bool) throws -> Bool {
        let negated = text.hasPrefix("!")
        return try isOffered(negated ? text.dropFirst() : Substring(text), on: machine, succeeds) != negated
    }

    private func isOffered(
        _ need: Substring, on machine: Machine, _ succeeds: (String) throws -> Bool
    ) throws -> Bool {
        if need.hasPrefix("kernel"), let condition = KernelCondition(need.dropFirst("kernel".count)) {
            return condition.holds(for: machine.kernel)
        }
        let parts = need.split(separator: ":", maxSplits: 1)
        switch (parts.first, parts.count) {
        case ("kprobe", 1): return machine.hasKprobes
        case ("tracepoints", 1): return exists("/sys/bus/event_source/devices/tracepoint")
        case ("btf", 1): return exists("/sys/kernel/btf/vmlinux")
        case ("root", 1): return geteuid() == 0
        case ("command", 2): return try succeeds("command -v '\(parts[1])'")
        case ("module", 2): return try succeeds("test -d '/sys/module/\(parts[1])' || modprobe '\(parts[1])'")
        case ("link", 2):
            return try succeeds(
                "ip netns add $NS4; ip -n $NS4 link add probe type \(parts[1]) && met=0 || met=1; ip netns del $NS4; exit $met"
            )
        case ("check", 2): return try succeeds(String(parts[1]))
        default: throw Scenario.FormatError(description: "unknown need '\(text)'")
        }
    }
}
