import ArgumentParser
import DLanguage
import Glibc
import SystemPackage

/// Files of D programs.
enum DFiles {
    static func read(_ path: String, option: String) throws -> [UInt8] {
        let file: FileDescriptor
        do {
            file = try FileDescriptor.open(FilePath(path), .readOnly, options: [.closeOnExec])
        } catch let error as Errno {
            throw ValidationError("\(option) '\(path)': cannot read it: \(error)")
        }
        defer { try? file.close() }
        return try read(file, name: "\(option) '\(path)'")
    }

    static func read(_ file: FileDescriptor, name: String) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 64 << 10)
        do {
            while true {
                let count = try part.withUnsafeMutableBytes { try file.read(into: $0) }
                guard count > 0 else { return bytes }
                bytes += part[..<count]
                guard bytes.count <= longest else {
                    throw ValidationError("\(name): it is larger than \(longest) bytes")
                }
            }
        } catch let error as Errno {
            throw ValidationError("\(name): cannot read it: \(error)")
        }
    }

    /// Bytes of a script.
    private static let longest = 4 << 20

    /// The `.d` files of a folder, by name.
    static func libraries(in folder: String) throws -> [SourceText] {
        guard let directory = opendir(folder) else {
            throw ValidationError("-L '\(folder)': cannot read the folder: \(Errno(rawValue: errno))")
        }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasSuffix(".d"), !name.hasPrefix(".") { names.append(name) }
        }
        return try names.sorted().map { name in
            SourceText(name: name, text: try read(folder + "/" + name, option: "-L"), kind: .library)
        }
    }
}

/// `-P`, `-m` and `-f`: a description of probes by its first parts, and perhaps a predicate and a body.
struct DDescription {
    private let given: String
    private let text: String

    /// - Parameter parts: how many parts the option's value can have: provider, module, function.
    init(_ given: String, parts: Int) {
        self.given = given
        let description = given.prefix { !"/{ \t\n".contains($0) }
        let words = description.split(separator: ":", omittingEmptySubsequences: false)
        let before = String(repeating: ":", count: max(0, parts - words.count))
        text = before + description + String(repeating: ":", count: 4 - parts) + given.dropFirst(description.count)
    }

    func source(_ option: String) -> SourceText { SourceText(name: option, text: text) }
}
