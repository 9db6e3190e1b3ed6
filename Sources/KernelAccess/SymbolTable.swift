import Glibc
import SystemPackage

/// Symbols of the running kernel: /proc/kallsyms, 120,000 lines, scanned as bytes.
struct SymbolTable {
    struct Entry {
        var address: UInt64
        /// Range of the name in `text`, suffixes included.
        var name: Range<Int>
        /// Range of the module's name; empty for vmlinux.
        var module: Range<Int>
    }

    let text: [UInt8]

    init() throws(KernelError) {
        do {
            text = try readFile("/proc/kallsyms")
        } catch {
            throw KernelError(
                "cannot read /proc/kallsyms", errno: error, remedy: "nettrace needs a kernel with CONFIG_KALLSYMS=y")
        }
    }

    /// Calls `body` for each function symbol (types t, T, w, W).
    func forEachFunction(_ body: (Entry) -> Void) {
        text.withUnsafeBufferPointer { bytes in
            var at = 0
            while at < bytes.count {
                let end = lineEnd(bytes, from: at)
                if let entry = parse(bytes, at..<end) { body(entry) }
                at = end + 1
            }
        }
    }

    private func lineEnd(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        guard let found = memchr(bytes.baseAddress! + start, 0x0a, bytes.count - start) else { return bytes.count }
        return UnsafeRawPointer(found) - UnsafeRawPointer(bytes.baseAddress!)
    }

    /// `ffffffff81000000 T _text` or `ffffffffc0000000 t nft_do_chain\t[nf_tables]`.
    private func parse(_ bytes: UnsafeBufferPointer<UInt8>, _ line: Range<Int>) -> Entry? {
        var address: UInt64 = 0
        var at = line.lowerBound
        while at < line.upperBound, bytes[at] != UInt8(ascii: " ") {
            let digit = bytes[at]
            address = address << 4 | UInt64(digit < 0x3a ? digit - 0x30 : (digit | 0x20) - 0x57)
            at += 1
        }
        guard at + 3 < line.upperBound else { return nil }
        let kind = bytes[at + 1] | 0x20
        guard kind == UInt8(ascii: "t") || kind == UInt8(ascii: "w") else { return nil }
        let start = at + 3
        at = start
        while at < line.upperBound, bytes[at] != UInt8(ascii: "\t") { at += 1 }
        let module = at < line.upperBound ? at + 2..<line.upperBound - 1 : at..<at
        return Entry(address: address, name: start..<at, module: module)
    }

    /// The name as the source has it: compilers append `.isra.0`, `.constprop.0`, `.llvm.123` to copies that are
    /// called like the original; `.cold` and `.part.0` are pieces that are not.
    func baseName(_ name: Range<Int>) -> Range<Int>? {
        guard let dot = text[name].firstIndex(of: UInt8(ascii: ".")) else { return name }
        let suffix = text[dot..<name.upperBound]
        let isPiece = [".cold", ".part."].contains { suffix.starts(with: $0.utf8) || suffix.hasSubrange($0.utf8) }
        return isPiece || dot == name.lowerBound ? nil : name.lowerBound..<dot
    }

    /// Name and module of the line whose name starts at `start`.
    func nameAndModule(at start: Int) -> (name: String, module: String) {
        let line = text[start...].prefix { $0 != UInt8(ascii: "\n") }
        let name = line.prefix { $0 != UInt8(ascii: "\t") }
        let module = line[name.endIndex...].filter { !"\t[]".utf8.contains($0) }
        return (String(decoding: name, as: UTF8.self), String(decoding: module, as: UTF8.self))
    }

    func string(_ range: Range<Int>) -> String { String(decoding: text[range], as: UTF8.self) }
}

extension ArraySlice<UInt8> {
    fileprivate func hasSubrange(_ needle: some Collection<UInt8>) -> Bool {
        guard count >= needle.count else { return false }
        return (startIndex...(endIndex - needle.count)).contains { self[$0...].starts(with: needle) }
    }
}
