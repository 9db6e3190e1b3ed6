import ArgumentParser

/// Options to record events in a file, and to read them.
struct RecordingArguments: ParsableArguments {
    @Option(
        name: [.customShort("w"), .customLong("write")],
        help: .init(
            "Record the events in this file instead of showing them; '-': standard output. With --read: those that match.",
            valueName: "file"))
    var output: String?

    @Option(
        name: [.customShort("r"), .customLong("read")],
        help: .init("Show the events of a recording; needs no privileges. '-': standard input.", valueName: "file"))
    var input: String?

    func validate() throws {
        if output == "-", OutputSink.standardOutput.isTerminal {
            throw ValidationError(
                "--write -: standard output is a terminal, and a recording is not text; redirect it, or name a file")
        }
    }
}
