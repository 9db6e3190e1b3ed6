/// Functions by name → the places to attach to, with the index of the name as cookie. A name that several functions have
/// stands for all of them.
struct FunctionAddresses {
    private(set) var targets: [AttachTarget] = []

    init(_ names: [String]) {
        guard let file = try? SymbolFile(), let table = try? file.read() else { return }
        var wanted: [UInt64: Int] = [:]
        wanted.reserveCapacity(names.count)
        for (index, name) in names.enumerated() { wanted[fnv1a(name.utf8)] = index }
        for symbol in table.symbols where symbol.address != 0 {
            let name = table.name(of: symbol)
            guard let index = wanted[fnv1a(name)], name.elementsEqual(names[index].utf8) else { continue }
            targets.append(
                AttachTarget(hook: index, name: names[index], address: symbol.address, cookie: UInt64(index)))
        }
    }
}
