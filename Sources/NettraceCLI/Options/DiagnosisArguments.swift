import ArgumentParser

/// Options for the diagnosis of lost packets.
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

    /// A verdict is printed below its packet, so it needs a view that shows packets.
    func check(_ life: PacketLifeArguments, drops: Bool, records: Bool) throws {
        guard isWanted else { return }
        if drops { throw Self.conflict("--drop shows drops alone, without the packet's way") }
        if life.follow { throw Self.conflict("--follow shows events before their packet has ended") }
        if life.latency || life.latencyBetween != nil { throw Self.conflict("--latency shows no packets") }
        if records {
            throw Self.conflict(
                "--write shows nothing; record with --ret and --stack-tracer skb:kfree_skb, and read that with --diag")
        }
    }

    private static func conflict(_ why: String) -> ValidationError {
        ValidationError("--diag excludes this: \(why)")
    }
}
