import ArgumentParser
import DLanguage
import Glibc
import SystemPackage

/// `-C`: cpp(1), where it is installed.
struct DPreprocessor {
    private let arguments: [String]

    init(_ command: DCommand) {
        arguments =
            ["cpp", "-undef", "-nostdinc", "-traditional-cpp", "-D__linux", "-D__SVR4", "-D__nettrace"]
            + command.defined.map { "-D" + $0 } + command.undefined.map { "-U" + $0 }
            + command.included.map { "-I" + $0 }
    }

    func processed(_ source: SourceText) throws -> SourceText {
        var result = source
        // cpp has no use for the line that names an interpreter.
        let isScript = source.text.starts(with: "#!".utf8)
        let text = isScript ? Array(source.text.drop { $0 != 10 }) : source.text
        result.text = try run(text, folder: source.kind == .file ? source.name : nil)
        return result
    }

    private func run(_ input: [UInt8], folder path: String?) throws -> [UInt8] {
        let file = try Self.temporaryFile(input)
        defer { try? file.close() }
        let (reading, writing) = try FileDescriptor.pipe()
        defer { try? reading.close() }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, file.rawValue, 0)
        posix_spawn_file_actions_adddup2(&actions, writing.rawValue, 1)
        posix_spawn_file_actions_addclose(&actions, reading.rawValue)
        // "#include" of a script is relative to its folder.
        let folder = path.map { $0.contains("/") ? String($0[..<$0.lastIndex(of: "/")!]) : "." }
        let words = arguments + (folder.map { ["-iquote", $0.isEmpty ? "/" : $0] } ?? []) + ["-"]
        var pointers: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        var process: pid_t = 0
        let error = posix_spawnp(&process, "cpp", &actions, nil, &pointers, environ)
        try writing.close()
        guard error == 0 else {
            throw ValidationError(
                "-C needs the C preprocessor, cpp, which cannot be started: \(Errno(rawValue: error))")
        }
        let output = try DFiles.read(reading, name: "-C: the output of cpp")
        var status: Int32 = 0
        while waitpid(process, &status, 0) < 0, errno == EINTR {}
        guard status == 0 else { throw ValidationError("-C: cpp has failed; its errors are above") }
        return output
    }

    /// An anonymous file, at its beginning.
    private static func temporaryFile(_ bytes: [UInt8]) throws -> FileDescriptor {
        guard let stream = tmpfile() else {
            throw ValidationError("-C: cannot create a file: \(Errno(rawValue: errno))")
        }
        defer { fclose(stream) }
        let file = try FileDescriptor(rawValue: fileno(stream)).duplicate()
        try file.writeAll(bytes)
        try file.seek(offset: 0, from: .start)
        return file
    }
}
