import Glibc
import KernelTypes
import Synchronization

/// The syntax of the shipped libraries, parsed once per process: no kernel's types change its meaning.
final class ShippedLibraries: Sendable {
    struct Parsed: Sendable {
        /// One list for each of `DProgram.libraries`.
        var items: [[ItemSyntax]] = []
        /// Names of all typedefs.
        var types: Set<String> = []
    }

    private let state = Mutex<Parsed?>(nil)

    private static let shared: ShippedLibraries = {
        // Leak checkers do not see pointers with tags, which Swift keeps in enums and strings: none is left at the end.
        atexit { ShippedLibraries.shared.state.withLock { $0 = nil } }
        return ShippedLibraries()
    }()

    static func parsed() throws(Diagnostic) -> Parsed {
        if let known = shared.state.withLock({ $0 }) { return known }
        let parsed = try parse()
        shared.state.withLock { $0 = parsed }
        return parsed
    }

    private static func parse() throws(Diagnostic) -> Parsed {
        let names = TypeNames(types: TypeStore(kernel: nil))
        let macros = MacroTable(MacroArguments())
        var parsed = Parsed()
        for (index, text) in DProgram.libraries.enumerated() {
            let lexer = Lexer(text, source: SourcePosition.shipped + UInt16(index), macros: macros)
            var parser = try Parser(lexer) { names.contains($0) }
            var items: [ItemSyntax] = []
            while let item = try parser.item() { items.append(item) }
            parsed.items.append(items)
            names.declared.formUnion(parser.declaredTypes)
        }
        parsed.types = names.declared
        return parsed
    }
}
