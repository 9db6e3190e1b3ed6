/// Declarations of the libraries by the names that they make. They are read when a program first uses one of the names,
/// so that a short program does not pay for all of them.
struct LibraryIndex {
    enum Name: Hashable {
        case type(String)
        /// `struct name`, `union name`, `enum name`.
        case tag(String)
        case enumerator(String)
    }

    private var declarations: [Name: DeclarationSyntax] = [:]
    private var translators: [String: [TranslatorSyntax]] = [:]
    private(set) var inlines: [String: InlineSyntax] = [:]

    var typeNames: [String] {
        declarations.keys.compactMap { if case .type(let name) = $0 { name } else { nil } }
    }

    var valueNames: [String] {
        declarations.keys.compactMap { if case .enumerator(let name) = $0 { name } else { nil } } + Array(inlines.keys)
    }

    mutating func add(_ item: ItemSyntax) throws(Diagnostic) {
        switch item {
        case .inline(let inline): inlines[inline.name] = inline
        case .translator(let translator):
            guard case .named(let output) = translator.output.form else {
                throw Diagnostic("the output of a library's translator is a typedef", at: translator.position)
            }
            translators[output, default: []].append(translator)
        case .declaration(let declaration): add(declaration)
        case .clause(let clause):
            throw Diagnostic(
                "a library has no clauses", at: clause.position,
                advice: "libraries (-L) declare types, inlines and translators", tag: .init("PRAGMA_DEPEND"))
        }
    }

    private mutating func add(_ declaration: DeclarationSyntax) {
        for name in Self.names(declaration) { declarations[name] = declaration }
    }

    private static func names(_ declaration: DeclarationSyntax) -> [Name] {
        var names = declaration.declarators.compactMap { $0.name.map(Name.type) }
        switch declaration.type.form {
        case .structure(let isUnion, let tag?, .some): names.append(.tag((isUnion ? "union " : "struct ") + tag))
        case .enumeration(let tag, let values?):
            if let tag { names.append(.tag("enum " + tag)) }
            names += values.map { .enumerator($0.name) }
        default: break
        }
        return names
    }

    /// Returns the declaration of this name, once; nil if the name is unknown or its declaration was returned before.
    mutating func take(_ name: Name) -> DeclarationSyntax? {
        guard let declaration = declarations[name] else { return nil }
        for name in Self.names(declaration) { declarations[name] = nil }
        return declaration
    }

    mutating func takeTranslators(_ output: String) -> [TranslatorSyntax] {
        translators.removeValue(forKey: output) ?? []
    }
}

extension Checker {
    /// Declares what makes this name. False: the libraries do not have it, or have declared it before.
    func fromLibrary(_ name: LibraryIndex.Name) throws(Diagnostic) -> Bool {
        guard let declaration = library.take(name) else { return false }
        try inLibrary { () throws(Diagnostic) in try declare(declaration) }
        return true
    }

    /// Checks a part of a library: its names are not those of the inline or translator that needed it.
    func inLibrary<Result>(_ body: () throws(Diagnostic) -> Result) throws(Diagnostic) -> Result {
        let saved = (locals, isInLibrary)
        (locals, isInLibrary) = ([:], true)
        defer { (locals, isInLibrary) = saved }
        return try body()
    }
}
