public import DLanguage
import Tracers

extension KernelProbes {
    /// Why a description matches no probe, and what comes near.
    public mutating func refusal(of description: ProbeDescription) -> Diagnostic {
        if let identifier = description.identifier {
            return Diagnostic(
                "no probe has the number \(identifier)", at: description.position, advice: "-l lists the probes",
                tag: .description)
        }
        let provider = description.provider
        if Self.userSpace.contains(where: { provider.hasPrefix($0) }) {
            return Diagnostic(
                "the provider \(provider) probes processes, and nettrace traces the kernel only",
                at: description.position, advice: "-l lists the probes", tag: .noProbe)
        }
        if provider == "fbt", !machine.hasKprobes {
            return Diagnostic(
                "this kernel cannot probe functions: it is built without kprobes (CONFIG_KPROBE_EVENTS)",
                at: description.position,
                advice: "tracepoints (sdt), system calls (syscall), ip, tcp and udp are there; -l lists them",
                tag: .noProbe)
        }
        if !provider.isEmpty, ProbeDescription.isPlain(provider), !Self.providers.contains(provider) {
            return Diagnostic(
                "there is no provider \(provider)", at: description.position,
                advice: "nettrace d has \(Self.providers.joined(separator: ", ")); -l lists their probes", tag: .noProbe
            )
        }
        let isFunction = provider == "fbt" || provider == "syscall"
        let wanted = isFunction ? description.function : description.name
        let known = find(ProbeDescription(provider: provider.isEmpty ? "*" : provider))
        let names = Set(known.map { isFunction ? $0.function : $0.name })
        let nearest = nearestNames(to: wanted, in: names.sorted(), limit: 3)
        return Diagnostic(
            "no probe of this kernel matches \(description)", at: description.position,
            advice: nearest.isEmpty
                ? "-l lists the probes" : "near: \(nearest.joined(separator: ", ")); -l lists all", tag: .noProbe)
    }

    private static let providers = ["dtrace", "profile", "ip", "tcp", "udp", "syscall", "sdt", "fbt"]

    private static let userSpace = ["pid", "usdt", "plockstat"]
}

extension ProbeDescription {
    fileprivate static func isPlain(_ text: String) -> Bool { !text.contains { "*?[".contains($0) } }
}
