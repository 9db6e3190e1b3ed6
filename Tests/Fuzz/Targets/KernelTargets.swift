import CFuzzer
import CLibBPF
import Glibc
import SystemPackage

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

    /// libbpf's message for each input would be most of the work.
    private static let silentLibrary: Void = { _ = libbpf_set_print(nil) }()

    static func types(_ bytes: UnsafeRawBufferPointer) {
        silentLibrary
        guard let btf = btf__new(bytes.baseAddress, UInt32(bytes.count)) else { return }
        let types = TypeInformation(owning: btf, firstID: 1)
        var arguments = ArgumentFinder()
        var returns = ReturnTypeFinder()
        var reasons: [UInt32: String] = [:]
        for id in 1..<max(types.count, 1) {
            guard let type = types.type(id) else { continue }
            switch types.kind(type) {
            case .function:
                guard let prototype = types.prototype(type.pointee.type) else { continue }
                _ = arguments.arguments(of: prototype, in: types)
                _ = returns.type(returnedBy: prototype, in: types)
            case .typedef: _ = types.resolve(type.pointee.type)
            case .enumeration: types.addDropReasons(of: type, to: &reasons)
            default: break
            }
        }
        _ = EntrySymbols(types)
        _ = TypeExtract(of: extracted, from: types).bytes(types)
    }

    /// Names that inputs may contain.
    private static let extracted: Set<UInt64> = [
        TypeExtract.hash("a", upTo: .max), TypeExtract.hash("int", upTo: .max), TypeExtract.hash("sk_buff", upTo: .max),
    ]

    /// Readers take paths, so the bytes get one in memory.
    private static func inFile(_ bytes: UnsafeRawBufferPointer, _ body: (FilePath) -> Void) {
        let descriptor = memfd_create("input", 0)
        precondition(descriptor >= 0, "no memory for a file")
        defer { close(descriptor) }
        precondition(write(descriptor, bytes.baseAddress, bytes.count) == bytes.count, "no memory for a file")
        body(FilePath("/proc/self/fd/\(descriptor)"))
    }
}
