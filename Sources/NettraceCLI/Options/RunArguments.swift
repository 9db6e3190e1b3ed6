import ArgumentParser
import Rendering
import Synchronization

/// Options for the form of what a command prints, and for its messages.
struct MessageArguments: ParsableArguments {
    @Flag(help: "One JSON object per line, and a summary as the last (docs/OUTPUT.md).")
    var json = false

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
}

/// Options that every run has: its end, the sign that it has begun, and those of `MessageArguments`.
struct RunArguments: ParsableArguments {
    @Option(
        name: [.customShort("c", allowingJoined: true), .customLong("count")], parsing: .unconditional,
        help: .init("Stop after so many events, packets or tables.", valueName: "n"))
    var count: UInt64?

    @Option(help: .init("Create this file once everything is attached and events are recorded.", valueName: "file"))
    var readyFile: String?

    @OptionGroup var messages: MessageArguments

    var json: Bool { messages.json }
    var verbose: Bool { messages.verbose }

    func validate() throws {
        if count == 0 { throw ValidationError("--count 0: nothing would be shown; give a number from 1 on") }
    }
}

extension OutputSink.Manners.Colour: ExpressibleByArgument {}
