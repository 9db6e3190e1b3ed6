import Analysis
import ArgumentParser
import AttachPlanning
import CNettraceBPF
import Glibc
import KernelAccess
import Recording
import Rendering
import Tracers

extension RecordingHeader {
    /// The description of a run on this machine, made before its first event.
    init(plan: AttachPlan, names: NameTable) {
        var system = utsname()
        uname(&system)
        var enumerations = RecordedEnumerations()
        let hooks = plan.hooks.map { RecordedHook($0, &enumerations) }
        let watchesSockets = plan.hooks.contains { $0.socketEvent != nil }
        let reasons = watchesSockets ? RecordedEnumeration(resetReasons: names.resetReasonNames) : nil
        self.init(
            program: Nettrace.configuration.version, kernelRelease: Self.text(of: system.release),
            machine: Self.text(of: system.machine), commandLine: ProcessSetup.commandLine,
            clockOffset: names.wallClock.first.offset,
            layout: .current, hooks: hooks, dropReasons: names.dropReasonNames,
            enumerations: enumerations.list + (reasons.map { [$0] } ?? []))
    }

    private static func text<Field: BitwiseCopyable>(of field: Field) -> String {
        withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
}

extension RecordedHook {
    /// A flag besides those of tracers: the hook shows nothing and only tracks packets.
    private static let silent: UInt32 = 1 << 31

    init(_ hook: PlannedHook, _ enumerations: inout RecordedEnumerations) {
        self.init(
            tracer: hook.tracer, group: hook.group, kernelName: hook.kernelName, method: hook.method.rawValue,
            flags: UInt32(hook.flags.rawValue) | (hook.purpose == .event ? 0 : Self.silent),
            returns: hook.recordsReturn ? RecordedReturn(hook.returns, &enumerations) : nil)
    }

    var showsEvents: Bool { flags & Self.silent == 0 }

    var facts: HookFacts {
        HookFacts(tracer: tracer, group: group, flags: TracerFlags(rawValue: UInt8(truncatingIfNeeded: flags)))
    }
}

extension RecordLayout {
    /// The record layout of this version: the head, and the sections in the order in which they were added, each with the
    /// next bit (docs/RECORDING.md, *Sections*). `nt_ct` has the bit before that of `nt_run`.
    static let current = RecordLayout([
        Part("nt_event", nt_event.self), Part("nt_packet", nt_packet.self), Part("nt_device", nt_device.self),
        Part("nt_task", nt_task.self), Part("nt_meta", nt_meta.self), Part("nt_caller", nt_caller.self),
        Part("nt_stack", nt_stack.self), Part("nt_sock", nt_sock.self), Part("nt_return", nt_return.self),
        Part("nt_sock_event", nt_sock_event.self), Part("nt_packet_more", nt_packet_more.self),
        Part("nt_run", nt_run.self),
        Part("nt_ct", nt_ct.self),
        Part("nt_frame", nt_frame.self), Part("nt_payload", nt_payload.self),
    ])
}

extension RecordLayout.Part {
    fileprivate init<Layout>(_ name: String, _: Layout.Type) {
        self.init(name: name, size: UInt32(MemoryLayout<Layout>.size))
    }
}

extension CaptureOrigin {
    /// The origin of the packets of a recording.
    init(_ header: RecordingHeader) {
        self.init(
            application: "nettrace \(header.program)", kernel: header.kernelRelease, machine: header.machine,
            commandLine: header.commandLine.joined(separator: " "))
    }
}
