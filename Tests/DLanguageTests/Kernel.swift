import DLanguage
import FoundationEssentials
import KernelTypes
import Testing

/// Structs of the kernels of the matrix (Tests/Fixtures/structs).
enum Kernel {
    static let versions = ["5.10", "6.1", "6.12", "6.18", "7.2"]

    static func types(_ version: String) throws -> TypeStore { TypeStore(kernel: try table(version)) }

    private static func table(_ version: String) throws -> TypeTable {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../Fixtures/structs/\(version).btf")
        return try TypeTable([UInt8](Data(contentsOf: path)))
    }

    private static let newestTable = Result { try table("6.18") }

    static func newest() throws -> TypeStore { TypeStore(kernel: try newestTable.get()) }
}

/// Checks a program as after -n, or as a file.
func checked(
    _ text: String, kind: SourceText.Kind = .commandLine, arguments: [String] = [],
    options: [(name: String, value: String?)] = [], types: TypeStore? = nil, libraries: [SourceText] = []
) throws -> TypedProgram {
    try DProgram.check(
        sources: [SourceText(name: "test.d", text: text, kind: kind)],
        arguments: MacroArguments(words: arguments, numbers: ["pid": 7, "uid": 0]), options: options,
        types: types ?? Kernel.newest(), libraries: libraries)
}

/// The listing of the statements of the only clause.
func statements(_ body: String, probe: String = "BEGIN", types: TypeStore? = nil) throws -> String {
    let listing = try checked("\(probe) { \(body) }", types: types).listing
    let start = try #require(listing.firstRange(of: "{\n    "))
    return String(listing[start.upperBound...].dropLast(";\n}\n".count).replacing(";\n    ", with: "; "))
}

/// The error of a program, without its place.
func failure(_ text: String, kind: SourceText.Kind = .commandLine, arguments: [String] = []) -> ProgramError? {
    do {
        _ = try checked(text, kind: kind, arguments: arguments)
        return nil
    } catch {
        return error as? ProgramError
    }
}
