import Analysis
public import Diagnosis
public import Events
import Protocols
import Text

/// Notes on a drop beside its reason and place: whether it is part of normal operation, and which group of tracers the
/// place belongs to.
///
/// Copying it is cheap and shares what has been found out; use it from one thread.
public struct DropNotes {
    private let ends: EndCache
    /// nil: groups are not shown.
    private let groups: GroupCache?

    /// - Parameters:
    ///   - normalEnds: which drops are none. Asked for when the first drop is shown, since to know them takes time.
    ///   - groupOf: the group of the tracer on a kernel function, by the function's name. Asked once per address.
    public init(normalEnds: @escaping () -> NormalEnds?, groupOf: ((String) -> String?)? = nil) {
        ends = EndCache(normalEnds)
        groups = groupOf.map { GroupCache($0) }
    }

    /// Which packets end so in normal operation.
    ///
    /// - Parameter location: 0: not known.
    func normalEnds(reason: UInt32?, at location: UInt64, _ names: NameTable) -> NormalEnds.Answer {
        ends.answer(EndCache.Place(reason: reason, location: location), names)
    }

    /// - Parameter symbol: `name+0xoff`, which the address lies in.
    func group(of symbol: [UInt8], at address: UInt64) -> [UInt8]? {
        groups?.group(of: symbol, at: address)
    }
}

extension NameTable {
    /// True if the end of this packet looks like a drop and is part of normal operation.
    public func isNormalEnd(_ event: EventView) -> Bool {
        guard let notes = dropNotes else { return false }
        switch notes.normalEnds(reason: event.dropReason, at: event.dropLocation ?? 0, self) {
        case .none: return false
        case .all: return true
        case .only(let kind): return !PacketKind(of: event).isDisjoint(with: kind)
        }
    }

    /// True if all packets that end there, for this reason, do so in normal operation.
    ///
    /// - Parameter location: 0: any.
    func isNormalEnd(reason: UInt32, at location: UInt64) -> Bool {
        dropNotes?.normalEnds(reason: givesDropReasons ? reason : nil, at: location, self) == .all
    }
}

private final class EndCache {
    struct Place: Hashable {
        var reason: UInt32?
        var location: UInt64
    }

    private let load: () -> NormalEnds?
    private lazy var ends = load()
    private var known: [Place: NormalEnds.Answer] = [:]
    /// A kernel has fewer; a damaged recording may claim any number.
    private static let limit = 65536

    init(_ load: @escaping () -> NormalEnds?) { self.load = load }

    func answer(_ place: Place, _ names: NameTable) -> NormalEnds.Answer {
        if let answer = known[place] { return answer }
        let reason = place.reason.map { names.dropReasonNames[$0] ?? String($0) }
        let function = place.location == 0 ? nil : names.symbol(at: place.location)
        let answer = ends?.answer(reason: reason, function: function)
        if known.count < Self.limit { known[place] = answer ?? NormalEnds.Answer.none }
        return answer ?? .none
    }
}

private final class GroupCache {
    private let groupOf: (String) -> String?
    private var known: [UInt64: [UInt8]?] = [:]

    init(_ groupOf: @escaping (String) -> String?) { self.groupOf = groupOf }

    func group(of symbol: [UInt8], at address: UInt64) -> [UInt8]? {
        if let group = known[address] { return group }
        // Compilers append .isra.0 and the like to the names of copies.
        let function = symbol.prefix { $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: ".") }
        let group = groupOf(String(decoding: function, as: UTF8.self)).map { Array($0.utf8) }
        known[address] = group
        return group
    }
}

extension ByteBuffer {
    /// `tcp_v4_rcv+0x1a3 (tcp-in)`.
    mutating func appendLocation(_ location: UInt64, _ names: NameTable) {
        let symbol = names.symbols.name(of: location)
        appendEscaped(symbol.span.bytes)
        if let group = names.dropNotes?.group(of: symbol, at: location) {
            append(" (")
            appendEscaped(group.span.bytes)
            append(")")
        }
    }
}
