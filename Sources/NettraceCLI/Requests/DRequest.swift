import ArgumentParser
import DLanguage
import Glibc
import SystemPackage

/// A run of a D program, as a command line asks for it.
struct DRequest {
    var sources: [SourceText] = []
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

    init(_ command: DCommand) throws {
        for text in command.programs { sources.append(SourceText(name: "-n", text: text)) }
        for provider in command.providers { sources.append(SourceText(name: "-P", text: "\(provider):::")) }
        for script in command.scripts {
            sources.append(SourceText(name: script, text: try Self.read(script), kind: .file))
        }
        if command.quiet { options.append(("quiet", nil)) }
        if command.acceptsNone { options.append(("zdefs", nil)) }
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
    }

    private static func read(_ path: String) throws -> [UInt8] {
        do {
            let file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
            defer { try? file.close() }
            var bytes: [UInt8] = []
            var part = [UInt8](repeating: 0, count: 64 << 10)
            while true {
                let count = try part.withUnsafeMutableBytes { try file.read(into: $0) }
                guard count > 0 else { return bytes }
                bytes += part[..<count]
                guard bytes.count <= Self.longest else {
                    throw ValidationError("-s '\(path)': the file is larger than \(Self.longest) bytes")
                }
            }
        } catch let error as Errno {
            throw ValidationError("-s '\(path)': cannot read it: \(error)")
        }
    }

    /// Bytes of a script.
    private static let longest = 4 << 20
}
