/// What is told of a drop beside its reason and place: whether such drops are part of normal operation, and which group
/// of tracers the place belongs to.
///
/// Copying it is cheap and shares the cache of groups; use it from one thread.
public struct DropNotes {
    private let normal: Set<UInt32>
    private let groups: GroupCache

    /// - Parameters:
    ///   - normal: reasons that are part of normal operation.
    ///   - groupOf: the group of the tracer on a kernel function, by the function's name. Asked once per address.
    public init(normal: Set<UInt32>, groupOf: @escaping (String) -> String?) {
        self.normal = normal
        groups = GroupCache(groupOf)
    }

    func isNormal(_ reason: UInt32) -> Bool { normal.contains(reason) }

    /// - Parameter symbol: `name+0xoff`, which the address lies in.
    func group(of symbol: [UInt8], at address: UInt64) -> [UInt8]? {
        groups.group(of: symbol, at: address)
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
