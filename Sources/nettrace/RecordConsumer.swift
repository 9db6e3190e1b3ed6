import Rendering

/// Where the records of a run go: to the screen or into a file.
///
/// For generic code, so that the loop over records calls it directly.
protocol RecordConsumer: ~Copyable {
    /// No more records are wanted, or can be taken.
    var isDone: Bool { get }
    /// What ended it before its time.
    var failure: RunError? { get }
    /// What has happened to a delivered event, for the account of the run.
    static var outcome: StaticString { get }

    /// Takes one record. Always wants the next: what comes after the end has to be counted too.
    mutating func present(_ record: UnsafeRawBufferPointer) -> Bool
    /// Tells of events that the kernel side has left out, since there were too many of a kind.
    mutating func tell(_ suppressed: [Suppression])
    /// Passes on what was taken; called whenever the ring is empty.
    mutating func flush()
    /// Takes note that events have been lost, between those that it was given and those to come.
    mutating func note(_ loss: LossNotice)
    /// Passes on what is left and then the account of the run, which is returned. It is made from the numbers of events
    /// that have reached their destination, and of those that were left out on purpose.
    mutating func finish(_ account: (_ delivered: UInt64, _ suppressed: UInt64) -> RunSummary) -> RunSummary
}

extension RecordConsumer where Self: ~Copyable {
    mutating func tell(_ suppressed: [Suppression]) {}
}
