import AttachPlanning
import FoundationEssentials
import KernelAccess

/// `--features`: the features of this kernel, and their meaning for the user. Needs no privileges.
struct FeatureReport {
    let json: Bool

    private struct Line: Encodable {
        var feature: String
        /// nil: cannot be determined without privileges.
        var available: Bool?
        var meaning: String

        var answer: String { available.map { $0 ? "yes" : "no" } ?? "?" }
    }

    private struct Document: Encodable {
        var kernel: String
        var features: [Line]
    }

    func print() throws {
        let capabilities = FeatureProbe.capabilities()
        let privileges = Privileges.current()
        let lines = lines(capabilities, privileges)
        var sink = OutputSink.standardOutput
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys]
            let document = Document(kernel: capabilities.release, features: lines)
            sink.write(String(decoding: try encoder.encode(document), as: UTF8.self) + "\n")
        } else {
            sink.write("kernel \(capabilities.release)\n")
            let width = lines.map(\.feature.count).max() ?? 0
            for line in lines {
                let name = line.feature + String(repeating: " ", count: width - line.feature.count)
                let answer = line.answer + String(repeating: " ", count: 3 - line.answer.count)
                sink.write("  \(name)  \(answer)  \(line.meaning)\n")
            }
        }
        try sink.requireWritten()
    }

    private func lines(_ kernel: Capabilities, _ privileges: Privileges) -> [Line] {
        let isLocked = privileges.lockdown == "confidentiality"
        return [
            Line(
                feature: "privileges", available: privileges.suffice,
                meaning: privileges.suffice ? "this process may trace" : privileges.explanation),
            symbols(privileges),
            line("owners of sockets", .socketOwners, privileges, for: "processes of other users (--sock)"),
            line("culprits", .culprits, privileges, for: "rules and routes in every network namespace (--diag)"),
            Line(
                feature: "readable memory", available: !isLocked,
                meaning: isLocked
                    ? "the kernel is locked down (confidentiality): no tracing at all"
                    : "no lockdown keeps nettrace from reading packets"),
            Line(
                feature: "BTF", available: kernel.btf,
                meaning: kernel.btf
                    ? "types and argument positions come from the kernel itself"
                    : "nettrace cannot work: it needs CONFIG_DEBUG_INFO_BTF=y"),
            Line(
                feature: "module BTF", available: kernel.moduleBTF,
                meaning: kernel.moduleBTF
                    ? "functions of modules can be traced like the kernel's own"
                    : "of functions in modules only those can be traced whose arguments tracers.json knows"),
            Line(
                feature: "kprobes", available: kernel.kprobe,
                meaning: kernel.kprobe
                    ? "kernel functions can be traced" : "no function can be traced, tracepoints only"),
        ] + loadedFeatures(kernel, privileges)
    }

    private func symbols(_ privileges: Privileges) -> Line {
        let purpose = "functions, and names of the places where packets are dropped"
        guard case .restricted = SymbolVisibility.current() else {
            return line("symbols", .symbols, privileges, for: purpose)
        }
        return Line(
            feature: "symbols", available: false,
            meaning: purpose + ": hidden from everybody by kernel.kptr_restrict=2; sysctl kernel.kptr_restrict=1")
    }

    /// A feature that needs more capabilities than tracing itself.
    private func line(
        _ feature: String, _ needed: CapabilitySet, _ privileges: Privileges, for purpose: String
    ) -> Line {
        let missing = needed.missing(from: privileges.held)
        return Line(
            feature: feature, available: missing.isEmpty,
            meaning: purpose + (missing.isEmpty ? "" : ": missing \(missing.names.joined(separator: ", "))"))
    }

    /// Features that are determined by loading a program, which needs privileges.
    private func loadedFeatures(_ kernel: Capabilities, _ privileges: Privileges) -> [Line] {
        let multi =
            kernel.kprobeMulti
            ? "thousands of functions attach at once"
            : kernel.kprobe ? "functions attach one by one: some seconds for the default set" : "needs kprobes"
        let features = [
            Line(
                feature: "kprobe.multi", available: kernel.kprobeMulti, meaning: multi),
            Line(
                feature: "kprobe.session", available: kernel.kprobeSession,
                meaning: kernel.kprobeSession
                    ? "returns of functions cost nothing where the packet did not match"
                    : "--ret is paid for by every call of a traced function"),
            Line(
                feature: "tracepoints", available: kernel.tracepoint,
                meaning: "receive, transmit, queueing, drops with their reason, socket events"),
            Line(
                feature: "tracepoint cookies", available: kernel.tracepointCookie,
                meaning: kernel.tracepointCookie
                    ? "one program serves all tracepoints" : "a copy of the program is loaded for each tracepoint"),
            Line(
                feature: "ring buffer", available: kernel.ringBuffer,
                meaning: kernel.ringBuffer
                    ? "events arrive in order from all CPUs" : "nettrace cannot work: it needs Linux 5.8"),
        ]
        guard !privileges.suffice else { return features }
        return features.map {
            Line(feature: $0.feature, available: nil, meaning: "cannot be found out without privileges")
        }
    }
}

extension Privileges {
    /// The reason why tracing is not possible, and the remedy.
    var explanation: String {
        if lockdown == "confidentiality" {
            return "the kernel is locked down (confidentiality), which forbids BPF to read kernel memory; "
                + "boot without lockdown=confidentiality"
        }
        return "missing \(missing.names.joined(separator: " and ")); \(missing.remedy)"
    }
}
