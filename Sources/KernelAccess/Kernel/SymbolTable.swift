import Glibc
import SystemPackage

/// Function symbols of the running kernel, from /proc/kallsyms: 120,000 lines, scanned as bytes and not kept as text.
struct SymbolTable {
    struct Symbol: BitwiseCopyable {
        /// 0 for all symbols without privileges (kernel.kptr_restrict).
        var address: UInt64
        /// Offset of the name, with its suffixes, in `names`.
        var nameStart: UInt32
        var nameLength: UInt16
        /// Index in `modules`.
        var module: UInt16
    }

    /// Index of vmlinux, which has no module name.
    static let kernel: UInt16 = 0

    private(set) var symbols: [Symbol] = []
    private var names: [UInt8] = []
    private var modules = [""]
    private var moduleIndices: [String: UInt16] = ["": 0]

    init() {}

    /// Reads /proc/kallsyms, or a copy of it, from its beginning.
    ///
    /// - Parameter isWanted: called at each symbol; the read ends when it returns false.
    init(_ descriptor: FileDescriptor, while isWanted: () -> Bool = { true }) throws(Errno) {
        try forEachLine(of: descriptor.rawValue) { line -> Bool in
            add(line)
            return isWanted()
        }
    }

    /// The first function of such a file; nil if it has none.
    static func firstFunction(in descriptor: FileDescriptor) throws(Errno) -> Symbol? {
        var table = SymbolTable()
        try forEachLine(of: descriptor.rawValue) { line -> Bool in
            table.add(line)
            return table.symbols.isEmpty
        }
        return table.symbols.first
    }

    /// Parses `ffffffff81000000 T _text` or `ffffffffc0000000 t nft_do_chain\t[nf_tables]`; adds functions only (types
    /// t, T, w, W).
    private mutating func add(_ line: UnsafeBufferPointer<UInt8>) {
        var address: UInt64 = 0
        var at = 0
        while at < line.count, line[at] != UInt8(ascii: " ") {
            let digit = line[at]
            address = address << 4 | UInt64((digit < 0x3a ? digit &- 0x30 : (digit | 0x20) &- 0x57) & 0xf)
            at += 1
        }
        guard at + 3 < line.count else { return }
        let kind = line[at + 1] | 0x20
        guard kind == UInt8(ascii: "t") || kind == UInt8(ascii: "w") else { return }
        let start = at + 3
        at = start
        while at < line.count, line[at] != UInt8(ascii: "\t") { at += 1 }
        let module = at + 2 < line.count ? line[(at + 2)..<(line.count - 1)] : line[at..<at]
        add(address: address, name: line[start..<at], module: module)
    }

    /// - Parameter module: empty for vmlinux.
    mutating func add(
        address: UInt64, name: Slice<UnsafeBufferPointer<UInt8>>, module: Slice<UnsafeBufferPointer<UInt8>>
    ) {
        guard let length = UInt16(exactly: name.count), let start = UInt32(exactly: names.count) else { return }
        names.append(contentsOf: name)
        let module = module.isEmpty ? Self.kernel : index(ofModule: module)
        symbols.append(Symbol(address: address, nameStart: start, nameLength: length, module: module))
    }

    /// The last symbol's module is compared first: symbols of one module follow each other.
    private mutating func index(ofModule name: Slice<UnsafeBufferPointer<UInt8>>) -> UInt16 {
        if let last = symbols.last, modules[Int(last.module)].utf8.elementsEqual(name) { return last.module }
        let name = String(decoding: name, as: UTF8.self)
        if let known = moduleIndices[name] { return known }
        guard let index = UInt16(exactly: modules.count) else { return 0 }
        modules.append(name)
        moduleIndices[name] = index
        return index
    }

    /// Sorts by address and removes symbols without one.
    mutating func sortByAddress() {
        symbols.removeAll { $0.address == 0 }
        symbols.sort { $0.address < $1.address }
    }

    func name(of symbol: Symbol) -> ArraySlice<UInt8> {
        names[Int(symbol.nameStart)..<Int(symbol.nameStart) + Int(symbol.nameLength)]
    }

    /// Empty for vmlinux.
    func module(of symbol: Symbol) -> String { modules[Int(symbol.module)] }

    /// The name in the source: compilers append `.isra.0`, `.constprop.0`, `.llvm.123` to copies that are called like
    /// the original. Returns nil for pieces that are not (`.cold`, `.part.0`).
    func baseName(of symbol: Symbol) -> ArraySlice<UInt8>? {
        let name = name(of: symbol)
        guard let dot = name.firstIndex(of: UInt8(ascii: ".")) else { return name }
        let suffix = name[dot...]
        let isPiece = [".cold", ".part."].contains { suffix.hasSubrange($0.utf8) }
        return isPiece || dot == name.startIndex ? nil : name[..<dot]
    }
}

extension ArraySlice<UInt8> {
    fileprivate func hasSubrange(_ needle: some Collection<UInt8>) -> Bool {
        guard count >= needle.count else { return false }
        return (startIndex...(endIndex - needle.count)).contains { self[$0...].starts(with: needle) }
    }
}
