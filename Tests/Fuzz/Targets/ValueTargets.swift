import Analysis
import ArgumentParser
import Diagnosis
import Tracers

@testable import NettraceCLI

/// Values of options, stored where ArgumentParser would store them, since it takes a hundred times as long
/// (`ArgumentTargets`).
enum ValueTargets {
    /// Four bytes of flags, then options: a byte that selects one, and its value up to a NUL.
    static func values(_ bytes: UnsafeRawBufferPointer) {
        guard let bare else { fatalError("nettrace cannot go without arguments") }
        var input = FuzzInput(bytes)
        var command = bare
        set(flags: input.number(), of: &command)
        var count = 0
        while !input.isEmpty, count < 6 {
            count += 1
            let option = ValueOption.all[Int(input.byte()) % ValueOption.all.count]
            // The parser itself refuses some values, such as text for a number.
            guard option.set(&command, input.text()) else { return }
        }
        check { try command.request(readsRecording: false).check() }
        check {
            try checkGroups(command)
            try resolve(command)
        }
    }

    private static let bare = try? EventArguments.parse([])

    private static let reasons = (try? CauseCatalog.embedded()).map {
        DropReasons(
            [0: "SKB_NOT_DROPPED_YET", 1: "SKB_CONSUMED", 3: "SKB_DROP_REASON_NO_SOCKET", 70000: "___RX_DROP_U_DUP"],
            NormalEnds($0))
    }

    private static let tracers = ["ip_rcv", "skb:kfree_skb", "tcp_v4_rcv"]

    private static func set(flags: UInt32, of command: inout EventArguments) {
        var rest = flags
        func next() -> Bool {
            defer { rest >>= 1 }
            return rest & 1 != 0
        }
        command.drop.drop = next()
        command.monitoring.monitor = next()
        command.output.sock = next()
        command.output.detail = next()
        command.running.messages.json = next()
        command.output.date = next()
        command.life.timeline = next()
        command.life.skbMode = next()
        command.life.follow = next()
        command.life.latency = next()
        command.stacks.caller = next()
        command.stacks.stack = next()
        command.stacks.stackFull = next()
        command.stacks.forceStack = next()
        command.returns.ret = next()
        command.returns.graph = next()
        command.diagnosis.diag = next()
        command.diagnosis.diagKeep = next()
    }

    private static func checkGroups(_ command: EventArguments) throws {
        try command.drop.validate()
        try command.monitoring.validate()
        try command.life.validate()
        try command.limits.validate()
        try command.running.validate()
        try command.recording.validate()
    }

    /// Everything that a run derives from its arguments before it inspects the kernel, whether or not the options
    /// agree.
    private static func resolve(_ command: EventArguments) throws {
        _ = command.places.asksForTree
        check { _ = try DropRequest.dimensions(command.output.columns) }
        _ = Spelling(command.packets.expression)
        check { _ = try reasons?.ignored(by: command.drop.dropIgnore) }
        check { _ = try command.packets.replayFilter(excluding: []) }
        if let text = command.life.latencyBetween { check { _ = try LatencySpan(parsing: text, tracers: tracers) } }
        // These decode tracers.json for its causes.
        guard !command.drop.drop, !command.monitoring.monitor, !command.diagnosis.isWanted else { return }
        _ = try TraceOptions(command.request(readsRecording: false), catalog: SmallCatalog.tracers)
    }

    /// Also makes the text of a refusal.
    private static func check(_ body: () throws -> Void) {
        do { try body() } catch { _ = "\(error)" }
    }
}
