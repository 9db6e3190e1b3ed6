import ArgumentParser
import DLanguage
import Glibc
import SystemPackage

/// A run of a D program, as a command line asks for it.
struct DRequest {
    var sources: [SourceText] = []
    /// Of -L.
    var libraries: [SourceText] = []
    var options: [(name: String, value: String?)] = []
    var macros = MacroArguments()
    var lists = false
    var onlyCompiles = false
    var showsCode = false
    var verbose = false
    var acceptsNone = false
    var output: String?
    var command: String?
    var process: Int32?
    var readyFile: String?
    var json = false

    /// Whether errors have the names that DTrace gives them (-x errtags).
    var showsTags: Bool { options.contains { $0.name == "errtags" } }

    init(_ command: DCommand) throws {
        for text in command.programs { sources.append(SourceText(name: "-n", text: text)) }
        for text in command.providers { sources.append(DDescription(text, parts: 1).source("-P")) }
        for text in command.modules { sources.append(DDescription(text, parts: 2).source("-m")) }
        for text in command.functions { sources.append(DDescription(text, parts: 3).source("-f")) }
        for text in command.identifiers { sources.append(SourceText(name: "-i", text: text)) }
        for script in command.scripts {
            let text = script == "-" ? try Self.readInput() : try DFiles.read(script, option: "-s")
            sources.append(SourceText(name: script, text: text, kind: .file))
        }
        for folder in command.libraries { libraries += try DFiles.libraries(in: folder) }
        if command.preprocesses {
            let preprocessor = DPreprocessor(command)
            sources = try sources.map { try preprocessor.processed($0) }
            libraries = try libraries.map { try preprocessor.processed($0) }
        }
        if command.quiet { options.append(("quiet", nil)) }
        if command.acceptsNone { options.append(("zdefs", nil)) }
        if command.indents { options.append(("flowindent", nil)) }
        if command.destructive { options.append(("destructive", nil)) }
        if let size = command.bufferSize { options.append(("bufsize", size)) }
        for option in command.options {
            let parts = option.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            options.append((parts[0], parts.count > 1 ? parts[1] : nil))
        }
        macros = MacroArguments(
            words: command.arguments, script: command.scripts.first ?? "nettrace",
            numbers: [
                "pid": Int64(getpid()), "ppid": Int64(getppid()), "uid": Int64(getuid()), "gid": Int64(getgid()),
                "euid": Int64(geteuid()), "egid": Int64(getegid()), "pgid": Int64(getpgid(0)), "sid": Int64(getsid(0)),
            ])
        if let process = command.process { macros.numbers["target"] = Int64(process) }
        lists = command.lists
        onlyCompiles = command.onlyCompiles
        showsCode = command.showsCode
        verbose = command.verbose
        acceptsNone = command.acceptsNone
        output = command.output
        self.command = command.command
        process = command.process
        readyFile = command.readyFile
        json = command.json
        // trace() has no columns in a JSON text.
        if json { options.append(("quiet", nil)) }
    }

    private static func readInput() throws -> [UInt8] { try DFiles.read(.standardInput, name: "-s -") }
}
