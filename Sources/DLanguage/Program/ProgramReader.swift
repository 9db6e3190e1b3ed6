import KernelTypes

/// Sources → items → the checked program. The program is checked again if a pass finds variables that only ever hold
/// addresses.
struct ProgramReader {
    /// The program's, then libraries of the user.
    let sources: [SourceText]
    let programs: Int
    let arguments: MacroArguments
    let options: [(name: String, value: String?)]
    let types: TypeStore
    let catalog: any ProbeCatalog

    func read() throws(Diagnostic) -> TypedProgram {
        guard sources.count < 1000 else { throw Diagnostic("the program has more than 1000 texts", at: .none) }
        var settings = ProgramOptions()
        for option in options { try settings.set(option.name, option.value, at: .none, by: .commandLine) }
        let macros = MacroTable(arguments)
        macros.hasDefaults = settings.defaultargs
        let names = TypeNames(types: types)
        let library = try readLibraries(&settings, macros, names)
        var items: [ItemSyntax] = []
        for index in 0..<programs { items += try parse(index, &settings, macros, names) }
        if let unused = macros.unused, !settings.defaultargs {
            throw Diagnostic(
                "argument $\(unused.number), '\(unused.word)', is not used by the program", at: .none,
                advice: "leave it out, or set '#pragma D option defaultargs'", tag: .init("MACRO_UNUSED"))
        }
        var knowledge = Checker.Knowledge()
        // Each pass can find that more variables only hold addresses, since a variable is copied into another one.
        for _ in 0..<4 {
            let checker = try check(items, library, settings, knowledge)
            if checker.findings.onlyAddresses == knowledge.onlyAddresses { return checker.program }
            knowledge = checker.findings
        }
        return try check(items, library, settings, knowledge).program
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

    // MARK: Libraries

    private func readLibraries(
        _ settings: inout ProgramOptions, _ macros: MacroTable, _ names: TypeNames
    ) throws(Diagnostic) -> LibraryIndex {
        var index = LibraryIndex()
        let replaced = Set(sources[programs...].map(\.name))
        let parsed = try ShippedLibraries.parsed()
        for (items, text) in zip(parsed.items, DProgram.libraries) where !replaced.contains(text.name) {
            for item in items { try index.add(item) }
        }
        names.declared.formUnion(parsed.types)
        for number in programs..<sources.count {
            for item in try parse(number, &settings, macros, names) { try index.add(item) }
        }
        return index
    }

    // MARK: Parsing

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
final class TypeNames {
    let types: TypeStore
    var declared: Set<String> = []

    init(types: TypeStore) { self.types = types }

    func contains(_ name: String) -> Bool {
        if declared.contains(name) || StandardTypes.typedefs[name] != nil { return true }
        if StandardTypes.builtins[name] != nil || StandardTypes.inputs[name] != nil { return false }
        if ["args", "curthread", "self", "this"].contains(name) { return false }
        return types.find([.typedef], name) != nil
    }
}
