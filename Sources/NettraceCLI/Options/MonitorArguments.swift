import ArgumentParser

/// Options for watching for trouble, at a cost that allows running permanently.
struct MonitorArguments: ParsableArguments {
    @Flag(
        help: .init(
            "Only trouble: drops, resets, retransmissions, connections that fail or are aborted, full queues. "
                + "Attaches to a handful of places."))
    var monitor = false

    @Option(
        help: .init(
            "With --monitor, --sock or --drop: show at most so many events of one kind in a second, and how many more "
                + "there were. Default with --monitor: 100.", valueName: "n[/s]"))
    var rateLimit: String?

    func validate() throws { _ = try limit() }

    /// Maximum number of events of one kind per second; nil: no limit.
    func limit() throws -> UInt32? {
        guard let text = rateLimit else { return monitor ? 100 : nil }
        let number = text.hasSuffix("/s") ? text.dropLast(2) : text[...]
        guard let limit = UInt32(number), 1...1_000_000 ~= limit else {
            throw ValidationError(
                "--rate-limit '\(text)': write a number of events from 1 to 1000000, such as 50 or 50/s")
        }
        return limit
    }
}
