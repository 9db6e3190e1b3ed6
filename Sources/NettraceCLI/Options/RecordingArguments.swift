import ArgumentParser

/// The option to record events in a file.
struct RecordingArguments: ParsableArguments {
    @Option(
        name: [.customShort("w"), .customLong("write")],
        help: .init(
            "Record the events in this file instead of showing them; '-': standard output. Of a recording: those that match.",
            valueName: "file"))
    var output: String?

    func validate() throws {
        if output == "-", OutputSink.standardOutput.isTerminal {
            throw ValidationError(
                "--write -: standard output is a terminal, and a recording is not text; redirect it, or name a file")
        }
    }
}
