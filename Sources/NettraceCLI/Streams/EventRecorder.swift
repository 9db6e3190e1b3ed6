import Events
import Recording
import Rendering
import SystemPackage

/// Records → a recording (`-w`), with the symbols that its reader will need.
struct EventRecorder: RecordConsumer, ~Copyable {
    static var outcome: StaticString { "recorded" }

    private let file: String
    private var writer: RecordingWriter
    private let limit: UInt64
    private let symbolize: (UInt64) -> String?
    private let sockets: SocketNames
    private let wallClock: WallClock
    private var error: RecordingError?

    /// Number of events that arrived, that the writer has taken, and that are in the file.
    private var seen: UInt64 = 0
    private var taken: UInt64 = 0
    private var delivered: UInt64 = 0
    /// Number of records that the writer has taken: events, and records that only report the end of a packet.
    private var records: UInt64 = 0

    /// - Parameters:
    ///   - limit: maximum number of events to record (`-c`).
    ///   - symbolize: the kernel symbol that an address lies in; nil if it is unknown.
    ///   - names: owners of sockets, and the wall clock.
    init(
        _ header: RecordingHeader, file: String, limit: UInt64?, symbolize: @escaping (UInt64) -> String?,
        names: NameTable
    ) throws(RecordingError) {
        self.file = file
        writer = try RecordingWriter(header, to: RecordingFile.create(FilePath(file))) { descriptor, bytes in
            try descriptor.writePatiently(bytes)
        }
        self.limit = limit ?? .max
        self.symbolize = symbolize
        sockets = names.sockets
        wallClock = names.wallClock
    }

    var isDone: Bool { error != nil || taken >= limit }
    var failure: RunError? { error.map { RunError("\(file): \($0)") } }

    mutating func present(_ record: UnsafeRawBufferPointer) {
        let event = EventView(record.bytes)
        let isEvent = event?.flags.isDisjoint(with: .unshown) != false
        if isEvent { seen += 1 }
        guard !isDone, let event else { return }
        recordSymbols(of: event)
        if let socket = event.socket { recordNames(of: socket) }
        records += 1
        if isEvent { taken += 1 }
        write { writer throws(RecordingError) in try writer.append(record: record.bytes) }
    }

    mutating func flush() {
        guard error == nil else { return }
        if let step = wallClock.follow(offset: clockOffset(), at: eventTime()) {
            writer.append(RecordedClockStep(since: step.since, offset: step.offset))
        }
        write { writer throws(RecordingError) in try writer.flush() }
    }

    /// Does nothing: the account at the end of the recording has the sum.
    func note(_ loss: LossNotice) {}

    mutating func finish(_ account: (_ delivered: UInt64, _ suppressed: UInt64) -> RunSummary) -> RunSummary {
        flush()
        let summary = account(delivered, seen - delivered)
        if error == nil {
            write { writer throws(RecordingError) in try writer.finish(RecordingAccounting(summary)) }
        }
        return summary
    }

    private mutating func write(_ body: (inout RecordingWriter) throws(RecordingError) -> Void) {
        do throws(RecordingError) {
            try body(&writer)
        } catch {
            self.error = error
        }
        // The writer decides when to write, and then writes everything it has.
        if writer.written == records { delivered = taken }
    }

    /// Records the symbol of every address that a view may name, since the reader has no kernel to ask.
    private mutating func recordSymbols(of event: EventView) {
        if let location = event.dropLocation { recordSymbol(of: location) }
        if let caller = event.caller { recordSymbol(of: caller) }
        if let stack = event.stack {
            for frame in 0..<stack.count { recordSymbol(of: stack.frame(frame)) }
        }
    }

    private mutating func recordNames(of socket: SocketSection) {
        if let inode = socket.inode, let owner = sockets.owner(of: socket) {
            writer.append(
                RecordedSocketOwner(inode: inode, pid: owner.pid, command: owner.command, others: owner.others))
        }
        if let id = socket.cgroup, writer.needsCgroup(id), let path = sockets.cgroupPath(of: socket) {
            writer.append(RecordedCgroup(id: id, path: path))
        }
    }

    private mutating func recordSymbol(of address: UInt64) {
        guard writer.needsSymbol(of: address), let text = symbolize(address) else { return }
        writer.append(RecordedSymbol(address: address, text: text))
    }
}

extension RecordingAccounting {
    /// `summary.losses` has an entry for each hook, in the order of the plan.
    init(_ summary: RunSummary) {
        self.init(
            matched: summary.matched, delivered: summary.delivered, lost: summary.lost,
            suppressed: summary.suppressed, attached: UInt32(clamping: summary.attached),
            skipped: UInt32(clamping: summary.skipped),
            losses: summary.losses.enumerated().compactMap { hook, loss in
                loss.lost == 0 ? nil : HookLoss(hook: UInt32(clamping: hook), lost: loss.lost)
            })
    }
}
