/// The characters of names in the catalog.
package enum CatalogName {
    /// Letters, digits, `_`, `-` and `:`, so that no name needs quoting in a shell or looks like a pattern.
    static func isTypeable(_ byte: UInt8) -> Bool {
        isIdentifier(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ":")
    }

    /// Letters, digits and `_`: the characters of C identifiers.
    static func isIdentifier(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
            true
        default:
            false
        }
    }

    package static func isIdentifier(_ name: some StringProtocol) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy { isIdentifier($0) }
            && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(name.utf8.first ?? 0)
    }
}

// Checks of single values, each with its path for the error.
extension CatalogBuilder {
    /// Positions of arguments that a probe can read on all machines: every 64-bit calling convention passes these in
    /// registers.
    private static let positions = 1...5

    func check(description: String, path: String) throws(TracerCatalogError) {
        guard !description.isEmpty, !description.contains(where: \.isNewline) else {
            throw .invalid(
                path: "\(path.isEmpty ? "" : "\(path).")description", problem: "the description is not one line",
                remedy: "say in one line what happens to the packet here")
        }
    }

    func hookKind(_ name: String?, path: String) throws(TracerCatalogError) -> HookKind {
        guard let name else { return .function }
        guard let kind = HookKind(rawValue: name) else {
            throw .invalid(
                path: "\(path).kind", problem: "unknown kind \"\(name)\"",
                remedy: "use function, tracepoint or program")
        }
        return kind
    }

    func flags(_ names: [String], path: String) throws(TracerCatalogError) -> TracerFlags {
        var flags: TracerFlags = []
        for (index, name) in names.enumerated() {
            guard let flag = TracerFlags.named[name] else {
                throw .invalid(
                    path: "\(path).flags[\(index)]", problem: "unknown flag \"\(name)\"",
                    remedy: "use \(TracerFlags.named.keys.sorted().joined(separator: ", "))")
            }
            flags.insert(flag)
        }
        return flags
    }

    func check(kernelNames: [String], kind: HookKind, path: String) throws(TracerCatalogError) {
        guard !kernelNames.isEmpty else {
            throw .invalid(
                path: path, problem: "the list of kernel names is empty",
                remedy: "leave the key out if the tracer has the kernel's name")
        }
        for name in kernelNames {
            switch kind {
            case .function where !CatalogName.isIdentifier(name):
                throw .invalid(
                    path: path, problem: "\"\(name)\" is no name of a kernel function",
                    remedy: name.contains(".")
                        ? "leave the compiler's suffix out, it is found by itself" : "write the C name")
            case .tracepoint:
                let parts = name.split(separator: ":", omittingEmptySubsequences: false)
                guard parts.count == 2, parts.allSatisfy({ CatalogName.isIdentifier($0) }) else {
                    throw .invalid(
                        path: path, problem: "\"\(name)\" is no name of a tracepoint",
                        remedy: "write category:name, as in skb:kfree_skb")
                }
            case .program where !ProgramFamily.allCases.contains { $0.kernelName == name }:
                throw .invalid(
                    path: path, problem: "\"\(name)\" is no family of BPF programs",
                    remedy: "use \(ProgramFamily.allCases.map(\.kernelName).joined(separator: ", "))")
            case .function, .program:
                continue
            }
        }
    }

    func returns(_ word: String?, kind: HookKind, path: String) throws(TracerCatalogError) -> ReturnMeaning? {
        guard let word else { return nil }
        guard kind == .function else {
            throw .invalid(
                path: "\(path).returns", problem: "only functions declare what they return", remedy: "remove it")
        }
        guard let meaning = ReturnMeaning(rawValue: word) else {
            throw .invalid(
                path: "\(path).returns", problem: "unknown meaning \"\(word)\"",
                remedy: "use \(ReturnMeaning.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return meaning
    }

    func event(_ word: String?, path: String) throws(TracerCatalogError) -> SocketEvent? {
        guard let word else { return nil }
        guard let event = SocketEvent(rawValue: word) else {
            throw .invalid(
                path: "\(path).event", problem: "unknown socket event \"\(word)\"",
                remedy: "use \(SocketEvent.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return event
    }

    func fallback(
        _ document: FallbackDocument?, kind: HookKind, path: String
    ) throws(TracerCatalogError) -> ArgumentFallback? {
        guard let document else { return nil }
        guard kind == .function else {
            throw .invalid(
                path: "\(path).fallback", problem: "only functions need a fallback", remedy: "remove it")
        }
        guard Self.positions.contains(document.skb) else {
            throw .invalid(
                path: "\(path).fallback.skb", problem: "\(document.skb) is no position of an argument",
                remedy: "count from 1; only the first \(Self.positions.upperBound) arguments can be read")
        }
        if let offset = document.offset, !(0..<4096).contains(offset) {
            throw .invalid(
                path: "\(path).fallback.offset", problem: "\(offset) is no offset inside a struct",
                remedy: "write the byte offset of the skb member")
        }
        return ArgumentFallback(skb: document.skb, offset: document.offset)
    }
}
