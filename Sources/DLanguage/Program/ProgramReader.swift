import KernelTypes

/// Sources → items → the checked program. The program is checked twice if its first pass finds variables that only ever
/// hold addresses.
struct ProgramReader {
    let sources: [SourceText]
    /// How many of the sources are the program; the others are libraries.
    let programCount: Int
    let arguments: MacroArguments
    let options: [(name: String, value: String?)]
    let types: TypeStore
    let catalog: any ProbeCatalog

    func read() throws(Diagnostic) -> TypedProgram {
        guard sources.count < 1000 else { throw Diagnostic("more than 1000 sources", at: .start) }
        var settings = ProgramOptions()
        for option in options { try settings.set(option.name, option.value, at: nil, by: .commandLine) }
        let macros = MacroTable(arguments)
        macros.hasDefaults = settings.defaultargs
        let names = TypeNames(types: types)
        var library = LibraryIndex()
        for index in programCount..<sources.count {
            for item in try parse(index, &settings, macros, names) { try library.add(item) }
        }
        var items: [ItemSyntax] = []
        for index in 0..<programCount { items += try parse(index, &settings, macros, names) }
        if let unused = macros.unused, !settings.defaultargs {
            throw Diagnostic(
                "argument $\(unused.number), '\(unused.word)', is not used by the program", at: .start,
                advice: "leave it out, or set '#pragma D option defaultargs'")
        }
        let first = try check(items, library, settings, Checker.Knowledge())
        if first.findings.addresses.subtracting(first.findings.texts).isEmpty { return first.program }
        return try check(items, library, settings, first.findings).program
    }

    private func check(
        _ items: [ItemSyntax], _ library: LibraryIndex, _ settings: ProgramOptions, _ knowledge: Checker.Knowledge
    ) throws(Diagnostic) -> Checker {
        let checker = Checker(types: types, catalog: catalog, options: settings, knowledge: knowledge)
        checker.library = library
        checker.program.sources = sources
        for item in items { try checker.add(item) }
        return checker
    }

    private func parse(
        _ index: Int, _ settings: inout ProgramOptions, _ macros: MacroTable, _ names: TypeNames
    ) throws(Diagnostic) -> [ItemSyntax] {
        let lexer = Lexer(sources[index], source: UInt16(index), macros: macros)
        var parser = try Parser(lexer) { names.contains($0) }
        var items: [ItemSyntax] = []
        while let item = try parser.item() {
            try apply(&parser.lexer.pragmas, &settings, macros)
            items.append(item)
        }
        try apply(&parser.lexer.pragmas, &settings, macros)
        names.declared.formUnion(parser.declaredTypes)
        return items
    }

    private func apply(
        _ pragmas: inout [Lexer.Pragma], _ settings: inout ProgramOptions, _ macros: MacroTable
    ) throws(Diagnostic) {
        for pragma in pragmas { try settings.apply(pragma) }
        pragmas = []
        macros.hasDefaults = settings.defaultargs
    }
}

/// Words that are types for the parser.
private final class TypeNames {
    let types: TypeStore
    var declared: Set<String> = []
    private var known: [String: Bool] = [:]

    init(types: TypeStore) { self.types = types }

    func contains(_ name: String) -> Bool {
        if declared.contains(name) || StandardTypes.typedefs[name] != nil { return true }
        if StandardTypes.builtins[name] != nil || StandardTypes.inputs[name] != nil { return false }
        if let isType = known[name] { return isType }
        let isType = types.find([.typedef], name) != nil
        known[name] = isType
        return isType
    }
}
