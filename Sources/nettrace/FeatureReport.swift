import AttachPlanning
import FoundationEssentials
import KernelAccess

/// `--features`: what this kernel can do, and what that means for the user. Needs no privileges.
struct FeatureReport {
    let json: Bool

    private struct Line: Encodable {
        var feature: String
        var available: Bool
        var meaning: String
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
                sink.write("  \(name)  \(line.available ? "yes" : "no ")  \(line.meaning)\n")
            }
        }
    }

    private func lines(_ kernel: Capabilities, _ privileges: Privileges) -> [Line] {
        [
            Line(
                feature: "privileges", available: privileges.suffice,
                meaning: privileges.suffice ? "this process may trace" : privileges.explanation),
            Line(
                feature: "lockdown", available: privileges.lockdown == "confidentiality",
                meaning: privileges.lockdown == "confidentiality"
                    ? "the kernel forbids reading its memory: no tracing at all" : "does not keep nettrace from tracing"
            ),
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
                feature: "tracepoints", available: kernel.tracepoint,
                meaning: "receive, transmit, queueing, drops with their reason, socket events"),
            Line(
                feature: "tracepoint cookies", available: kernel.tracepointCookie,
                meaning: kernel.tracepointCookie
                    ? "one program serves all tracepoints" : "a copy of the program is loaded for each tracepoint"),
            Line(
                feature: "kprobes", available: kernel.kprobe,
                meaning: kernel.kprobe
                    ? "kernel functions can be traced" : "no kernel function can be traced, tracepoints only"),
            Line(
                feature: "kprobe.multi", available: kernel.kprobeMulti,
                meaning: kernel.kprobeMulti
                    ? "thousands of functions attach at once"
                    : kernel.kprobe
                        ? "functions attach one by one: some seconds for the default set"
                        : "needs kprobes (CONFIG_FPROBE)"),
            Line(
                feature: "ring buffer", available: kernel.ringBuffer || !privileges.suffice,
                meaning: !privileges.suffice
                    ? "cannot be tried without privileges"
                    : kernel.ringBuffer
                        ? "events arrive in order from all CPUs" : "nettrace cannot work: it needs Linux 5.8"),
        ]
    }
}

extension Privileges {
    /// Why tracing is not possible, and what to do.
    var explanation: String {
        if lockdown == "confidentiality" {
            return "the kernel is locked down (confidentiality), which forbids BPF to read kernel memory; "
                + "boot without lockdown=confidentiality"
        }
        return "missing \(missing.joined(separator: " and ")); run it as root, or give the file these capabilities "
            + "(setcap cap_bpf,cap_perfmon,cap_syslog+ep)"
    }
}
