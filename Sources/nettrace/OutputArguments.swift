import ArgumentParser
import Rendering
import Synchronization

/// Options for the contents and the form of the output.
struct OutputArguments: ParsableArguments {
    @Option(
        name: [.customShort("o", allowingJoined: true), .customLong("output")],
        help: .init(
            "More columns, comma-separated: id (skb), cpu, pid, if, netns, module (group), len, mark, hash, queue, container, sock, ct (connection tracking), …",
            valueName: "columns"))
    var columns: [String] = []

    @Flag(help: "All columns.")
    var detail = false

    @Flag(
        help: .init(
            "Alone: events of sockets in place of packets (connect, accept, changes of state, retransmissions, resets, "
                + "full queues). With -t or a view of packets: a column with the packet's socket, as -o sock."))
    var sock = false

    @Flag(help: "Times as date and time of day, not seconds since boot.")
    var date = false

    @Flag(help: "One JSON object per line, and a summary as the last (docs/OUTPUT.md).")
    var json = false

    @Option(
        name: [.customShort("c", allowingJoined: true), .customLong("count")], parsing: .unconditional,
        help: .init("Stop after so many events.", valueName: "n"))
    var count: UInt64?

    @Option(help: .init("Create this file once everything is attached and events are recorded.", valueName: "file"))
    var readyFile: String?

    @Flag(name: .shortAndLong, help: "Tell what was attached how, and what was not and why.")
    var verbose = false

    @Flag(name: [.short, .customLong("quiet")], help: "No messages but errors and losses.")
    var quiet = false

    @Option(help: .init("Colours: auto (on a terminal), always or never.", valueName: "when"))
    var color: OutputSink.Manners.Colour = .auto

    @Flag(name: .customShort("n"), help: "Accepted as tcpdump's: addresses and ports are numbers anyway.")
    var numeric: Int

    @Flag(name: .customShort("l"), help: "Accepted as tcpdump's: each event is written within 20 ms anyway.")
    var lineBuffered: Int

    func setManners() {
        OutputSink.manners.withLock {
            $0.isQuiet = quiet
            $0.colour = color
        }
    }

    func validate() throws {
        if count == 0 { throw ValidationError("--count 0: nothing would be shown; give a number from 1 on") }
    }

    func outputColumns() throws -> OutputColumns {
        for list in columns where list.allSatisfy({ $0 == "," || $0 == " " }) {
            throw ValidationError("--output '\(list)': name at least one column")
        }
        do {
            return try columns.reduce(into: detail ? .all : sock ? .socket : OutputColumns()) {
                try $0.formUnion(OutputColumns(parsing: $1))
            }
        } catch let error as OutputColumns.UnknownName {
            throw ValidationError("\(error)")
        }
    }
}

extension OutputSink.Manners.Colour: ExpressibleByArgument {}
