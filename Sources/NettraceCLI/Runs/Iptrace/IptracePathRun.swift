import ArgumentParser
import Capture
import Glibc
import KernelAccess
import PacketFilter
import Rendering
import Synchronization
import SystemPackage

/// iptrace -Q: packets come from the kernel's hooks instead of a packet socket, each with its path and verdict beside it.
struct IptracePathRun {
    let request: IptraceRequest

    /// Refuses what a packet socket does, and hooks do not.
    static func check(_ options: IptraceArguments) throws {
        guard options.tracesPath else { return }
        let others: [(Bool, String, String)] = [
            (options.request.format != .pcapng, "-T and --format", "the path needs pcapng"),
            (options.isPromiscuous, "-e", "hooks see what the devices receive"),
            (
                options.logSize != nil || options.fileSize != nil || options.fileDuration != nil, "-L and --files",
                "the file is one"
            ),
            (options.user != nil, "-Z", "the process gives up its privileges itself"),
        ]
        for (isGiven, option, reason) in others where isGiven {
            throw ValidationError("-Q excludes \(option): \(reason)")
        }
    }

    /// Records until a signal. `begin` is called once packets are recorded.
    func record(_ begin: @escaping () throws -> Void) throws {
        let opened = try CaptureLog.openForSection(CaptureLog.Settings(path: FilePath(request.path)))
        let messages = IptraceMessages()
        for note in opened.notes { messages.write(note, .warning) }
        OutputSink.manners.withLock { $0.isQuiet = true }
        let catalog = try CatalogFile(nil).tracers()
        var options = try TraceOptions(try events(), catalog: catalog)
        options.packetFile?.descriptor = opened.descriptor
        options.packetFile?.settings.netns = options.configuration.filters.netns.wanted.first
        options.packetFile?.settings.device = request.capture.interface
        options.whenReady = begin
        do {
            var run = try TraceRun(options, catalog: catalog)
            try run.run()
        } catch let error as KernelError {
            // The document's code for a kernel extension that cannot be loaded.
            messages.write("\(error)", .error)
            throw ExitCode(9)
        }
    }

    private func events() throws -> EventsRequest {
        var events = try EventsRequest.plain
        if let expression = try request.filter.text() { events.packets.expression = [expression] }
        events.metadata.netns = ["current"]
        if let device = request.capture.interface { events.metadata.interface = [device] }
        events.payload.snapshotLength = request.capture.snapLength
        events.running.count = request.count
        events.packetFile.pcapng = request.path
        if request.tracesSockets { events.output.columns = ["pid,if,container,sock"] }
        return events
    }
}
