import ArgumentParser
import Capture
import Glibc
import KernelAccess
import PacketFilter
import Rendering
import Synchronization
import SystemPackage

/// iptrace -Q, and iptrace for chosen processes: packets come from the kernel's hooks instead of a packet socket, with -Q each
/// with its path and verdict beside it.
struct IptracePathRun {
    let request: IptraceRequest

    /// Refuses what a packet socket does, and hooks do not.
    static func check(_ request: IptraceRequest, _ options: IptraceArguments) throws {
        guard request.usesHooks else { return }
        let cause =
            options.tracesPath
            ? "-Q" : "--pid, --comm, --cgroup and -- COMMAND take packets from the kernel's hooks, which"
        let others: [(Bool, String, String)] = [
            (request.format != .pcapng, "-T and --format", "packets of hooks go to pcapng alone"),
            (options.isPromiscuous, "-e", "hooks see what the devices receive and change no device"),
            (
                options.logSize != nil || options.fileSize != nil || options.fileDuration != nil, "-L and --files",
                "the file cannot be changed while packets wait for their end; record with -w and export, or use -S and -c"
            ),
            (options.user != nil, "-Z", "the process gives up its privileges itself"),
        ]
        for (isGiven, option, reason) in others where isGiven {
            throw ValidationError("\(cause) excludes \(option): \(reason)")
        }
    }

    /// Records until a signal. `begin` is called once packets are recorded.
    func record(_ begin: @escaping () throws -> Void) throws {
        let messages = IptraceMessages()
        OutputSink.manners.withLock { $0.isQuiet = true }
        let catalog = try CatalogFile(nil).tracers()
        let child = request.command.isEmpty ? nil : try DChild(words: request.command)
        defer { child?.end() }
        var options = try TraceOptions(try events(child?.process), catalog: catalog)
        // Last, since a run that cannot start makes no file.
        let opened = try CaptureLog.openForSection(CaptureLog.Settings(path: FilePath(request.path)))
        for note in opened.notes { messages.write(note, .warning) }
        options.packetFile?.descriptor = opened.descriptor
        options.packetFile?.settings.netns = options.configuration.filters.netns.wanted.first
        options.packetFile?.settings.device = request.capture.interface
        options.whenReady = {
            try begin()
            child?.start()
        }
        options.isOver = { child?.hasEnded ?? false }
        do {
            var run = try TraceRun(options, catalog: catalog)
            try run.run()
        } catch let error as KernelError {
            // The document's code for a kernel extension that cannot be loaded.
            messages.write("\(error)", .error)
            throw ExitCode(9)
        }
    }

    /// - Parameter child: a process whose packets are wanted, too.
    private func events(_ child: Int32?) throws -> EventsRequest {
        var events = try EventsRequest.plain
        if let expression = try request.filter.text() { events.packets.expression = [expression] }
        events.metadata.netns = ["current"]
        if let device = request.capture.interface { events.metadata.interface = [device] }
        events.payload.snapshotLength = request.capture.snapLength
        events.running.count = request.count
        events.metadata.pid = request.processes + (child.map { [String($0)] } ?? [])
        events.metadata.comm = request.commands
        events.metadata.cgroup = request.cgroups
        if !request.tracesPath { events.packetFile.texts = PacketFileArguments.Texts.none }
        events.packetFile.pcapng = request.path
        if request.tracesSockets { events.output.columns = ["pid,if,container,sock"] }
        return events
    }
}
