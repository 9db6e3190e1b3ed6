import ArgumentParser
import Rendering

/// Options for the contents of the lines.
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
