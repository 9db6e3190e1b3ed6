import CDLibrary
import KernelTypes

/// An error of a D program, as the user reads it.
public struct ProgramError: Error, Sendable, CustomStringConvertible {
    public var diagnostic: Diagnostic
    public var sources: [SourceText]

    public var description: String { diagnostic.text(sources) }
}

/// D texts → a checked program.
public enum DProgram {
    /// Libraries that are part of nettrace; a library of the same name from `-L` replaces one.
    public static let libraries: [SourceText] = (0..<cdlibrary_count).compactMap { index in
        guard let text = cdlibrary_at(index)?.pointee else { return nil }
        return SourceText(
            name: String(cString: text.name), text: Array(UnsafeBufferPointer(start: text.bytes, count: text.size)),
            kind: .library)
    }

    /// - Parameters:
    ///   - sources: in the order in which they were given; they share variables.
    ///   - arguments: values of `$1`, `$target` and their like.
    ///   - options: `-x name[=value]`, in their order. A pragma of a source overrides them.
    ///   - types: of the running kernel; without them a program can only use types that it declares.
    ///   - libraries: of `-L`; their names are those of their files, without folders.
    ///   - catalog: the probes and their arguments; nil: `KnownProbes`.
    public static func check(
        sources: [SourceText], arguments: MacroArguments = MacroArguments(),
        options: [(name: String, value: String?)] = [], types: TypeStore, libraries: [SourceText] = [],
        catalog: (any ProbeCatalog)? = nil
    ) throws(ProgramError) -> TypedProgram {
        let all = sources + libraries
        do {
            let reader = ProgramReader(
                sources: all, programs: sources.count, arguments: arguments, options: options, types: types,
                catalog: catalog ?? KnownProbes(types: types))
            return try reader.read()
        } catch {
            throw ProgramError(diagnostic: error, sources: all)
        }
    }
}
