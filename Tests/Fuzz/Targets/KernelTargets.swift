import CFuzzer
import AttachPlanning
import Glibc
import KernelTypes
import SystemPackage
import Tracers

@testable import KernelAccess

/// The kernel's descriptions of itself.
enum KernelTargets {
    static func symbols(_ bytes: UnsafeRawBufferPointer) {
        inFile(bytes) { path in
            guard let file = try? FileDescriptor.open(path, .readOnly) else { return }
            defer { try? file.close() }
            guard let table = try? SymbolTable(file) else { return }
            for symbol in table.symbols { _ = table.baseName(of: symbol) }
            let resolver = SymbolResolver(table)
            _ = resolver.describe(0)
            _ = resolver.describe(0xffff_ffff_8100_0000)
        }
    }

    static func types(_ bytes: UnsafeRawBufferPointer) {
        guard let types = try? TypeTable(Array(bytes)) else { return }
        var hooks = HookInventory(others: [Glob("*")])
        var reasons: [UInt32: String] = [:]
        hooks.add(types, module: nil) { record in
            if record.kind == .enumeration { types.addDropReasons(of: record, to: &reasons) }
        }
        for number in types.ids {
            let id = TypeID(number)
            _ = types.type(id)
            _ = types.size(of: id)
            _ = types.spelling(of: id)
            for name in types.memberNames(of: id).prefix(8) { _ = try? types.access("\(name)->skb", in: id) }
        }
        _ = EntrySymbols(types)
        let extract = TypeExtract(of: extracted, from: types).bytes()
        guard (try? TypeTable(extract)) != nil else { fatalError("an extract of types cannot be read") }
    }

    /// Names that inputs may contain.
    private static let extracted = Set(["a", "int", "sk_buff"].map { fnv1a($0.utf8) })

    /// Readers take paths, so the bytes get one in memory.
    private static func inFile(_ bytes: UnsafeRawBufferPointer, _ body: (FilePath) -> Void) {
        let descriptor = memfd_create("input", 0)
        precondition(descriptor >= 0, "no memory for a file")
        defer { close(descriptor) }
        precondition(write(descriptor, bytes.baseAddress, bytes.count) == bytes.count, "no memory for a file")
        body(FilePath("/proc/self/fd/\(descriptor)"))
    }
}
