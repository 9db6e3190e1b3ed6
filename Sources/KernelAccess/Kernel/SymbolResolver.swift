/// Address → `symbol+0xoffset`. Keeps names as bytes; a String is only made for a result.
struct SymbolResolver {
    private let table: SymbolTable

    init(_ table: consuming SymbolTable) {
        table.sortByAddress()
        self.table = table
    }

    /// Whether no address is known.
    var isEmpty: Bool { table.symbols.isEmpty }

    /// `tcp_v4_rcv+0x1a3`, followed by ` [module]` for a module's symbol; nil if no symbol is near.
    ///
    /// The symbol is the last one that begins at or before the address, since kallsyms does not contain ends of
    /// symbols.
    func describe(_ address: UInt64) -> String? {
        let symbols = table.symbols
        var low = 0
        var high = symbols.count
        while low < high {
            let middle = (low + high) / 2
            if symbols[middle].address <= address { low = middle + 1 } else { high = middle }
        }
        guard low > 0, address - symbols[low - 1].address < Self.longestFunction else {
            return nil
        }
        let symbol = symbols[low - 1]
        // An address after the last page of a module belongs to another module, which was loaded later.
        if symbol.module != SymbolTable.kernel, low == symbols.count || symbols[low].module != symbol.module,
            address > symbol.address | Self.pageMask
        {
            return nil
        }
        let name = String(decoding: table.name(of: symbol), as: UTF8.self)
        let module = table.module(of: symbol)
        let offset = "\(name)+0x" + String(address - symbol.address, radix: 16)
        return module.isEmpty ? offset : "\(offset) [\(module)]"
    }

    /// Address ranges of the functions with these source names, including their pieces (`.isra.0`, `.cold`).
    func code(of functions: Set<String>) -> [(function: String, range: Range<UInt64>)] {
        let symbols = table.symbols
        let hashes = Set(functions.map { fnv1a($0.utf8) })
        var found: [(function: String, range: Range<UInt64>)] = []
        for index in symbols.indices {
            let name = table.name(of: symbols[index]).prefix { $0 != UInt8(ascii: ".") }
            guard hashes.contains(fnv1a(name)) else { continue }
            let function = String(decoding: name, as: UTF8.self)
            guard functions.contains(function) else { continue }
            let start = symbols[index].address
            let next = symbols[(index + 1)...].first { $0.address > start }?.address ?? .max
            found.append((function, start..<min(next, start + Self.longestFunction)))
        }
        return found
    }

    /// An address farther from a symbol than this belongs to something else: BPF, a module just loaded.
    private static let longestFunction: UInt64 = 1 << 16
    /// Page size of module memory. Machines with larger pages leave some addresses without a name.
    private static let pageMask: UInt64 = 0xfff
}
