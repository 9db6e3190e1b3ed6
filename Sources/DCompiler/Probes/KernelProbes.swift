public import DLanguage
import Tracers

/// The probes of a kernel, by number from 1 on.
public struct KernelProbes: Sendable {
    public private(set) var probes: [Probe] = []

    /// Facts of the kernel that decide which probes there are.
    public struct Machine: Sendable {
        /// Whether functions can be probed.
        public var hasKprobes: Bool
        /// Category by name of the tracepoint, as far as tracefs shows them.
        public var tracepoints: [String: String]

        public init(hasKprobes: Bool, tracepoints: [String: String]) {
            self.hasKprobes = hasKprobes
            self.tracepoints = tracepoints
        }
    }

    public init(_ types: TypeStore, _ machine: Machine) {
        add(Probe("dtrace", name: "BEGIN", site: .begin))
        add(Probe("dtrace", name: "END", site: .end))
        add(Probe("dtrace", name: "ERROR", site: .error))
        for probe in NetworkProbes(types, machine).probes { add(probe) }
        for probe in TracepointProbes(types, machine.tracepoints).probes { add(probe) }
    }

    private mutating func add(_ probe: Probe) {
        var probe = probe
        probe.number = probes.count + 1
        probes.append(probe)
    }

    /// The probes that a description matches; clocks come into being when they are asked for.
    public mutating func find(_ description: ProbeDescription) -> [Probe] {
        if let identifier = description.identifier { return probes.filter { $0.number == identifier } }
        if let clock = ClockProbes.probe(description), !probes.contains(where: { $0.title == clock.title }) {
            add(clock)
        }
        return probes.filter { description.matches($0) }
    }
}

extension ProbeDescription {
    func matches(_ probe: Probe) -> Bool {
        func fits(_ pattern: String, _ text: String) -> Bool {
            pattern.isEmpty || ProbePattern(pattern).matches(text)
        }
        return fits(provider, probe.provider) && fits(module, probe.module) && fits(function, probe.function)
            && fits(name, probe.name)
    }
}

extension KernelProbes {
    /// Why a description matches no probe, and what comes near.
    public func refusal(of description: ProbeDescription) -> Diagnostic {
        let unavailable = ["pid", "usdt", "plockstat", "proc", "sched", "io", "vminfo", "lockstat", "fbt", "syscall"]
        if unavailable.contains(where: { description.provider.hasPrefix($0) }) {
            return Diagnostic(
                "the provider \(description.provider) is not available", at: description.position,
                advice: "nettrace d has dtrace, profile, sdt, ip, tcp and udp; -l lists their probes")
        }
        let names = Set(
            probes.filter { description.provider.isEmpty || $0.provider == description.provider }.map(\.name))
        let nearest = nearestNames(to: description.name, in: names.sorted(), limit: 3)
        return Diagnostic(
            "no probe of this kernel matches \(description)", at: description.position,
            advice: nearest.isEmpty ? "-l lists the probes" : "near: \(nearest.joined(separator: ", ")); -l lists all")
    }
}
