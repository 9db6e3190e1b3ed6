import ArgumentParser
import Rendering

/// What is shown of each event, and how.
struct OutputArguments: ParsableArguments {
    @Option(
        name: [.customShort("o", allowingJoined: true), .customLong("output")],
        help: .init(
            "More columns, comma-separated: id (skb), cpu, pid, if, netns, module (group), len, mark, hash, queue, sock, …",
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
        name: [.customShort("c", allowingJoined: true), .customLong("count")],
        help: .init("Stop after so many events.", valueName: "n"))
    var count: UInt64?

    @Option(help: .init("Create this file once everything is attached and events are recorded.", valueName: "file"))
    var readyFile: String?

    @Flag(name: .shortAndLong, help: "Tell what was attached how, and what was not and why.")
    var verbose = false

    func validate() throws {
        if count == 0 { throw ValidationError("--count 0: nothing would be shown; give a number from 1 on") }
    }

    func outputColumns() throws -> OutputColumns {
        if detail { return .all }
        do {
            return try columns.reduce(into: sock ? .socket : OutputColumns()) {
                try $0.formUnion(OutputColumns(parsing: $1))
            }
        } catch let error as OutputColumns.UnknownName {
            throw ValidationError("\(error)")
        }
    }
}
