import Rendering

/// The destination of a run's records: the screen or a file.
///
/// Used in generic code, so that the loop over records calls it directly.
protocol RecordConsumer: ~Copyable {
    /// Whether no more records are wanted or can be taken.
    var isDone: Bool { get }
    /// The error that ended it early; nil if there is none.
    var failure: RunError? { get }
    /// A word for delivered events in the account of the run.
    static var outcome: StaticString { get }

    /// Takes one record. Records after the end are still counted.
    mutating func present(_ record: UnsafeRawBufferPointer)
    /// Reports events that the kernel side suppressed because of the rate limit.
    mutating func report(_ suppressed: [Suppression])
    /// Passes on what was taken; called whenever the ring is empty.
    mutating func flush()
    /// Notes that events were lost between the records so far and the next ones.
    mutating func note(_ loss: LossNotice)
    /// Passes on the rest, and then the account of the run, which is returned. `account` makes it from the number of
    /// events that reached their destination, and of those that were left out on purpose.
    mutating func finish(_ account: (_ delivered: UInt64, _ suppressed: UInt64) -> RunSummary) -> RunSummary
}

extension RecordConsumer where Self: ~Copyable {
    mutating func report(_ suppressed: [Suppression]) {}
}
