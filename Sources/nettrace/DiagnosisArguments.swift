import ArgumentParser

/// Why packets die.
struct DiagnosisArguments: ParsableArguments {
    @Flag(
        help: """
            Show packets as with --timeline, and of each that is lost: the cause, what proves it, the culprit, and what \
            to do. Ends with the first one.
            """)
    var diag = false

    @Flag(help: "The same, without the packets that nobody misses.")
    var diagQuiet = false

    @Flag(help: "The same, and go on after the first loss.")
    var diagKeep = false

    var isWanted: Bool { diag || diagQuiet || diagKeep }
}
