/// The part of a packet's path that is measured.
public enum LatencySpan: Sendable, Equatable {
    /// From the first event to the last.
    case life
    /// From the first event at one tracer to the next event at the other.
    case between(String, String)

    /// A text that does not name a pair of tracers.
    public struct ParseError: Error, Sendable, Equatable, CustomStringConvertible {
        public let text: String

        public init(text: String) {
            self.text = text
        }

        public var description: String {
            "--latency '\(text)': no pair of attached tracers. Give two as FIRST:SECOND, such as ip_rcv:tcp_v4_rcv, "
                + "and see that -t selects both"
        }
    }

    /// Parses "A:B". Since names of tracepoints contain colons too, the existing names determine where A ends.
    ///
    /// - Parameter tracers: names of the attached tracers.
    public init(parsing text: String, tracers: some Collection<String>) throws(ParseError) {
        for index in text.indices where text[index] == ":" {
            let first = String(text[..<index])
            let second = String(text[text.index(after: index)...])
            guard tracers.contains(first), tracers.contains(second) else { continue }
            self = .between(first, second)
            return
        }
        throw ParseError(text: text)
    }
}

/// Measures a part of the path of every packet.
public struct LatencyMeasurement: Sendable {
    public let span: LatencySpan
    public private(set) var histogram = LatencyHistogram()
    /// Number of packets whose end was not seen, or that did not pass both tracers in this order.
    public private(set) var unmeasured: UInt64 = 0

    /// For each hook, whether it belongs to the first tracer of the pair; `isSecond` likewise for the second.
    private let isFirst: [Bool]
    private let isSecond: [Bool]

    /// - Parameter hooks: in the order of the attach plan.
    public init(_ span: LatencySpan, hooks: [HookFacts]) {
        self.span = span
        switch span {
        case .life:
            isFirst = []
            isSecond = []
        case .between(let first, let second):
            isFirst = hooks.map { $0.tracer == first }
            isSecond = hooks.map { $0.tracer == second }
        }
    }

    public mutating func add(_ context: FinishedContext) {
        if let duration = duration(of: context) {
            histogram.record(duration)
        } else {
            unmeasured += 1
        }
    }

    /// Nanoseconds; nil if the packet did not pass this part.
    private func duration(of context: FinishedContext) -> UInt64? {
        guard span != .life else { return context.closure == .died ? context.duration : nil }
        var start: UInt64?
        for index in 0..<context.count where !context.isReturn(at: index) {
            let hook = context.hook(at: index)
            guard hook < isFirst.count else { continue }
            if let start, isSecond[hook] { return context.timestamp(at: index) - start }
            if start == nil, isFirst[hook] { start = context.timestamp(at: index) }
        }
        return nil
    }
}
