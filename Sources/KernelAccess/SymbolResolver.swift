/// Address → `symbol+0xoffset`. Keeps kallsyms' text and two compact arrays; no String exists before one is asked for.
public struct SymbolResolver {
    private let table: SymbolTable
    private var addresses: [UInt64] = []
    private var lines: [UInt32] = []

    init(_ table: SymbolTable) {
        self.table = table
        var entries: [(address: UInt64, line: UInt32)] = []
        table.forEachFunction { entry in
            // Without privileges every address reads as zero.
            guard entry.address != 0 else { return }
            entries.append((entry.address, UInt32(entry.name.lowerBound)))
        }
        entries.sort { $0.address < $1.address }
        addresses = entries.map(\.address)
        lines = entries.map(\.line)
    }

    /// `tcp_v4_rcv+0x1a3`, for a module's symbol with ` [module]` behind it; `0xffff…` where nothing is near.
    ///
    /// The symbol is the last one that begins at or before the address; kallsyms does not say where symbols end.
    public func describe(_ address: UInt64) -> String {
        var low = 0
        var high = addresses.count
        while low < high {
            let middle = (low + high) / 2
            if addresses[middle] <= address { low = middle + 1 } else { high = middle }
        }
        guard low > 0, address - addresses[low - 1] < Self.longestFunction else {
            return "0x" + String(address, radix: 16)
        }
        let (name, module) = table.nameAndModule(at: Int(lines[low - 1]))
        let offset = "\(name)+0x" + String(address - addresses[low - 1], radix: 16)
        return module.isEmpty ? offset : "\(offset) [\(module)]"
    }

    /// Farther away than any function is long, an address belongs to something else: BPF, a module just loaded.
    private static let longestFunction: UInt64 = 1 << 16
}
