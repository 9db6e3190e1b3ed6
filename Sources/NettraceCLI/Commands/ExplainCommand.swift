import ArgumentParser
import Diagnosis
import KernelAccess
import Rendering
import Tracers
import Text

/// `nettrace explain`: explains a drop reason or a cause. Needs no privileges; needs the kernel only for numbers.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Tells what a drop reason, a cause or a counter means, how it arises, how to check and fix it.",
        usage: """
            nettrace explain [--json] <reason, cause or counter> ...
            nettrace explain --list
            """,
        discussion: """
            Examples:
              nettrace explain NO_SOCKET      a drop reason, also as SKB_DROP_REASON_NO_SOCKET or in lower case
              nettrace explain 3              the same by its number on this kernel
              nettrace explain rp-filter      a cause
              nettrace explain ip_error       a kernel function that drops packets
              nettrace explain ListenDrops    a counter of nstat, ip -s link, ethtool -S, softnet_stat, conntrack -S
            """)

    @Argument(
        help: .init(
            "Drop reason (name, or number on this kernel), cause, kernel function, or counter.", valueName: "topic"))
    var topics: [String] = []

    @Flag(help: "List everything that can be explained.")
    var list = false

    @Flag(help: "One JSON object per line (docs/OUTPUT.md).")
    var json = false

    @Option(name: .customLong("tracers"), help: .init("Take causes and reasons from this file.", valueName: "file"))
    var catalogFile: String?

    func validate() throws {
        guard list == topics.isEmpty else {
            throw ValidationError(
                list
                    ? "--list lists everything; leave \(topics.joined(separator: " ")) out"
                    : "name a drop reason, a cause or a counter; nettrace explain --list lists them")
        }
    }

    func run() throws {
        let catalog = try CatalogFile(catalogFile).causes()
        var sink = OutputSink.standardOutput
        var buffer = ByteBuffer()
        if list {
            let list = ExplanationList(catalog: catalog, kernel: (try? DropReasonNames.read()) ?? [:])
            if json {
                try list.renderJSON(into: &buffer)
            } else {
                list.render(coloured: sink.wantsColour, into: &buffer)
            }
        }
        for (index, explanation) in try ExplanationFinder(catalog: catalog).explanations(of: topics).enumerated() {
            if json {
                try explanation.renderJSON(into: &buffer)
            } else {
                if index > 0 { buffer.append("\n\n") }
                explanation.render(coloured: sink.wantsColour, into: &buffer)
            }
        }
        _ = sink.write(&buffer)
        try sink.requireWritten()
    }
}
