public import AttachPlanning
import Events

/// The names of the numbers in events, on this kernel and in this run.
///
/// Built once, before the first event. Copying it is cheap and shares the symbol cache; use it from one thread.
public struct NameTable {
    /// One hook of the attach plan.
    public struct Hook: Sendable {
        /// Name of the tracer it belongs to.
        public var tracer: String
        /// The tracer's group.
        public var module: String
        /// The type and meaning of its return value.
        public var returns: FunctionReturn

        public init(tracer: String, module: String, returns: FunctionReturn = FunctionReturn()) {
            self.tracer = tracer
            self.module = module
            self.returns = returns
        }
    }

    /// By `EventView.hook`.
    public let hooks: [Hook]
    /// Tells the date of events, which carry times of CLOCK_MONOTONIC.
    public let wallClock: WallClock

    /// As the kernel spells them.
    public let dropReasonNames: [UInt32: String]
    let dropReasons: [UInt32: [UInt8]]
    /// The "reason" of a normal end, which newer kernels pass through the same function as drops (SKB_CONSUMED).
    private let consumed: UInt32?
    /// Without their prefix, by `enum sk_rst_reason`.
    let resetReasons: [UInt32: [UInt8]]
    public let resetReasonNames: [UInt32: String]
    let symbols: SymbolCache
    public let sockets: SocketNames
    /// Notes on drops beside reason and place.
    let dropNotes: DropNotes?

    /// - Parameters:
    ///   - hooks: in the order of the attach plan.
    ///   - dropReasons: names by value as the kernel spells them; the prefix `SKB_DROP_REASON_` is taken off.
    ///   - clockOffset: CLOCK_REALTIME − CLOCK_MONOTONIC in nanoseconds, at the start.
    ///   - symbolize: the kernel symbol that an address lies in, as "name+0xoff", or nil. Asked once per address.
    ///   - sockets: the owners of the sockets in events.
    ///   - dropNotes: facts of drops to show beside reason and place.
    ///   - resetReasons: names by value as the kernel spells them; the prefix `SK_RST_REASON_` is taken off.
    public init(
        hooks: [Hook], dropReasons: [UInt32: String] = [:], clockOffset: Int64 = 0,
        symbolize: @escaping (UInt64) -> String? = { _ in nil }, sockets: SocketNames = SocketNames(),
        dropNotes: DropNotes? = nil, resetReasons: [UInt32: String] = [:]
    ) {
        self.hooks = hooks
        self.sockets = sockets
        wallClock = WallClock(offset: clockOffset)
        dropReasonNames = dropReasons
        self.dropReasons = Self.texts(dropReasons, without: "SKB_DROP_REASON_")
        resetReasonNames = resetReasons
        self.resetReasons = Self.texts(resetReasons, without: "SK_RST_REASON_")
        consumed = dropReasons.first { $0.value == "SKB_CONSUMED" }?.key
        symbols = SymbolCache(symbolize)
        self.dropNotes = dropNotes
    }

    private static func texts(_ names: [UInt32: String], without prefix: String) -> [UInt32: [UInt8]] {
        names.mapValues { name in Array((name.hasPrefix(prefix) ? name.dropFirst(prefix.count) : name[...]).utf8) }
    }

    /// A damaged recording may name a hook that is not in the plan.
    func returns(of hook: Int) -> FunctionReturn { hook < hooks.count ? hooks[hook].returns : FunctionReturn() }

    /// Before 5.17 the kernel gives none.
    var givesDropReasons: Bool { !dropReasonNames.isEmpty }

    /// The symbol of the caller; nil where it is not known. A function that the end of another one jumps to, in place of a
    /// call, returns to what watches the return of that one: its caller is out of sight.
    func caller(of event: EventView) -> [UInt8]? {
        guard let address = event.caller else { return nil }
        let name = symbols.name(of: address)
        return StackText.isReturnProbe(name) ? nil : name
    }

    /// True if the packet is lost here, not merely used up.
    func isDrop(_ event: EventView) -> Bool {
        guard event.flags.contains(.drop) else { return false }
        return event.dropReason == nil || event.dropReason != consumed
    }

    /// The kernel symbol that an address lies in, as "name+0xoff"; the bare address where there is none.
    public func symbol(at address: UInt64) -> String { String(decoding: symbols.name(of: address), as: UTF8.self) }

    /// Bytes of the longest tracer name: the natural width of the tracer column.
    public var longestTracerName: Int {
        hooks.map { $0.tracer.utf8.count }.max() ?? 0
    }
}

/// Remembers the symbol of every address asked for: few places free packets, but each does it very often.
final class SymbolCache {
    private let symbolize: (UInt64) -> String?
    private var known: [UInt64: [UInt8]] = [:]

    /// A kernel has fewer drop sites; a damaged recording may claim any number.
    private static let limit = 65536

    init(_ symbolize: @escaping (UInt64) -> String?) {
        self.symbolize = symbolize
    }

    /// The symbol as text; the bare address where there is none.
    func name(of address: UInt64) -> [UInt8] { known[address] ?? learn(address) }

    private func learn(_ address: UInt64) -> [UInt8] {
        let name = Array((symbolize(address) ?? "0x" + String(address, radix: 16)).utf8)
        if known.count < Self.limit { known[address] = name }
        return name
    }
}
