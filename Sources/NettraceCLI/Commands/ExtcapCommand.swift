import ArgumentParser
import PacketFilter
import Synchronization

/// `nettrace extcap`: the program as Wireshark calls it, from a link in its extcap folder. Its interface, "kernel path", gives
/// the packets of the kernel's hooks with path and verdict.
struct ExtcapCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "extcap",
        abstract: "Captures for Wireshark, which calls this command.",
        shouldDisplay: false)

    @OptionGroup var extcap: ExtcapArguments
    @OptionGroup var options: ExtcapOptions

    static let interface = "nettrace"

    func run() throws {
        if extcap.listsInterfaces { return try print(Self.interfaces) }
        guard extcap.interface == Self.interface else {
            throw ValidationError(
                "--extcap-interface \(extcap.interface ?? "is missing"): the only interface is '\(Self.interface)'")
        }
        if extcap.listsLinkTypes { return try print(["dlt {number=1}{name=EN10MB}{display=as each device has it}"]) }
        if extcap.listsOptions { return try print(ExtcapOptions.dialog) }
        if extcap.capture { return try capture() }
        guard extcap.filter != nil else {
            throw ValidationError(
                "nettrace extcap is called by Wireshark; to capture without it: nettrace --pcapng FILE")
        }
        try checkFilter()
    }

    private static let interfaces = [
        "extcap {version=\(Nettrace.configuration.version)}{display=nettrace}"
            + "{help=https://www.wireshark.org/docs/man-pages/extcap.html}",
        "interface {value=\(interface)}{display=kernel path}",
    ]

    private func print(_ lines: [String]) throws {
        var sink = OutputSink.standardOutput
        sink.writeControl(lines.map { $0 + "\n" }.joined())
        try sink.requireWritten()
    }

    /// Prints why the filter is wrong; Wireshark takes any output for a refusal.
    private func checkFilter() throws {
        do { _ = try request(fifo: "-").packets.filter(excluding: []) } catch { try print(["\(error)"]) }
    }

    private func capture() throws {
        guard let fifo = extcap.fifo else { throw ValidationError("--capture needs --fifo FILE") }
        // Wireshark shows what a capture program prints as an error.
        OutputSink.manners.withLock { $0.isQuiet = true }
        let catalog = try CatalogFile(nil).tracers()
        let request = try request(fifo: fifo)
        try request.check()
        var options = try TraceOptions(request, catalog: catalog)
        options.packetFile?.isPipe = true
        var run = try TraceRun(options, catalog: catalog)
        try run.run()
    }

    private func request(fifo: String) throws -> EventsRequest {
        var request = try EventsRequest.plain
        func list(_ text: String?) -> [String] { text.map { $0.isEmpty ? [] : [$0] } ?? [] }
        request.packets.expression = list(extcap.filter)
        request.metadata.netns = list(options.netns)
        request.metadata.interface = list(options.device)
        request.metadata.pid = list(options.pid)
        request.metadata.comm = list(options.comm)
        request.places.tracers = list(options.tracer)
        request.payload.snapshotLength = options.snapshotLength ?? 0
        request.diagnosis.diagQuiet = options.lost
        request.diagnosis.diagKeep = true
        request.packetFile.pcapng = fifo
        request.packetFile.everyHook = options.everyHook
        request.packetFile.linkType = options.linkType
        return request
    }
}
