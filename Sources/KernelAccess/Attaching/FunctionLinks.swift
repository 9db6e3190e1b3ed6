import CLibBPF
import CSyscalls
import SystemPackage

/// A link to many functions (`kprobe_multi` of `union bpf_attr`, include/uapi/linux/bpf.h).
struct MultiLink {
    let program: FileDescriptor
    let moment: HookMoment

    func attach(_ functions: [AttachTarget]) -> Result<FileDescriptor, Errno> {
        let type: bpf_attach_type = moment == .calls ? .kprobeSession : BPF_TRACE_KPROBE_MULTI
        let link = nt_kprobe_multi_link(
            program.rawValue, type.rawValue, moment == .returns ? UInt32(BPF_F_KPROBE_MULTI_RETURN) : 0,
            functions.map(\.address), functions.map(\.cookie), UInt32(functions.count))
        return link >= 0 ? .success(FileDescriptor(rawValue: link)) : .failure(Errno(rawValue: -link))
    }
}

/// Attaches to single functions with perf events of the kprobe PMU.
struct KprobeEvents {
    /// The `type` of perf_event_open(2).
    let pmu: UInt32
    /// Since 5.15. Without cookies, the program looks up the function's address (`hook_by_address`).
    let haveCookies: Bool

    /// Returns nil without CONFIG_KPROBE_EVENTS.
    init?() {
        guard let pmu = FeatureProbe.kprobePMU() else { return nil }
        self.pmu = pmu
        haveCookies = FeatureProbe.kprobesHaveCookies()
    }

    func attach(
        _ program: FileDescriptor, to function: AttachTarget, atReturn: Bool
    ) -> Result<FileDescriptor, Errno> {
        let event =
            function.address == 0
            ? nt_named_kprobe_event_open(pmu, function.name, atReturn ? 1 : 0)
            : nt_kprobe_event_open(pmu, function.address, atReturn ? 1 : 0)
        guard event >= 0 else { return .failure(Errno(rawValue: -event)) }
        let descriptor = FileDescriptor(rawValue: event)
        if haveCookies {
            let link = nt_perf_event_link(event, program.rawValue, function.cookie)
            try? descriptor.close()
            return link >= 0 ? .success(FileDescriptor(rawValue: link)) : .failure(Errno(rawValue: -link))
        }
        let error = nt_perf_event_set_program(event, program.rawValue)
        guard error == 0 else {
            try? descriptor.close()
            return .failure(Errno(rawValue: -error))
        }
        return .success(descriptor)
    }
}
