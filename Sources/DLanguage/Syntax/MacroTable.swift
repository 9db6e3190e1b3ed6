import Tracers

/// The values of `$1`, `$target` and their like.
public struct MacroArguments: Hashable, Sendable {
    /// Of the script: `$1` is the first.
    public var words: [String]
    /// `$0`.
    public var script: String
    /// `pid`, `target`, `uid`, `gid`, `euid`, `egid`, `ppid`, `pgid`, `sid`, `projid`, `taskid`.
    public var numbers: [String: Int64]

    public init(words: [String] = [], script: String = "nettrace", numbers: [String: Int64] = [:]) {
        self.words = words
        self.script = script
        self.numbers = numbers
    }
}

/// Macro arguments, with a note of those that the program refers to.
final class MacroTable {
    static let names = [
        "egid", "euid", "gid", "pgid", "pid", "ppid", "projid", "sid", "target", "taskid", "uid",
    ]
    private let arguments: MacroArguments
    /// Whether an argument that is missing is 0 or "".
    var hasDefaults = false
    private(set) var used: Set<Int> = []

    init(_ arguments: MacroArguments) { self.arguments = arguments }

    var advice: String {
        "macro arguments are $0 … $\(max(1, arguments.words.count)), "
            + Self.names.map { "$" + $0 }.joined(separator: " ")
    }

    struct Value {
        var token: Token.Kind
        var text: [UInt8]

        init(number: Int64) {
            token = .integer(
                UInt64(bitPattern: number), number == Int64(Int32(truncatingIfNeeded: number)) ? .int : .long)
            text = Array(String(number).utf8)
        }

        /// An integer or a name if it looks like one, otherwise a text.
        init(word: String) {
            text = Array(word.utf8)
            if let number = Self.integer(word) {
                token = number
            } else if let first = text.first, Byte.isNameStart(first), text.allSatisfy(Byte.isName) {
                token = .name(word)
            } else {
                token = .text(text)
            }
        }

        private static func integer(_ word: String) -> Token.Kind? {
            let isNegative = word.hasPrefix("-")
            let digits = isNegative || word.hasPrefix("+") ? String(word.dropFirst()) : word
            guard let first = digits.utf8.first, Byte.isDigit(first) else { return nil }
            var lexer = Lexer(SourceText(name: "", text: digits), source: 0, macros: MacroTable(MacroArguments()))
            guard case .integer(let value, let type)? = try? lexer.number(), lexer.isAtEnd else { return nil }
            return .integer(isNegative ? 0 &- value : value, type)
        }
    }

    func value(of name: String, at position: SourcePosition) throws(Diagnostic) -> Value {
        if let number = Int(name) {
            if number == 0 { return Value(word: arguments.script) }
            used.insert(number)
            guard number <= arguments.words.count else {
                if hasDefaults {
                    var value = Value(number: 0)
                    value.text = []
                    return value
                }
                throw Diagnostic(
                    "the program needs argument $\(number), which is not given", at: position,
                    advice: "append it to the command, or set '#pragma D option defaultargs' to make it 0",
                    tag: .init("MACRO_UNDEF"))
            }
            return Value(word: arguments.words[number - 1])
        }
        guard Self.names.contains(name) else {
            let nearest = nearestNames(to: name, in: Self.names, limit: 1).first
            throw Diagnostic(
                "there is no macro argument '$\(name)'", at: position, advice: nearest.map { "near: $\($0)" } ?? advice,
                tag: .init("MACRO_UNDEF"))
        }
        guard let number = arguments.numbers[name] else {
            if name == "target", !hasDefaults {
                throw Diagnostic(
                    "$target has no value", at: position, advice: "-c COMMAND or -p PID gives it one",
                    tag: .init("MACRO_UNDEF"))
            }
            return Value(number: 0)
        }
        return Value(number: number)
    }

    /// The first argument that no part of the program refers to.
    var unused: (number: Int, word: String)? {
        arguments.words.enumerated().first { !used.contains($0.offset + 1) }.map { ($0.offset + 1, $0.element) }
    }

    /// A probe description with its macro arguments replaced.
    func expand(_ description: String, at position: SourcePosition) throws(Diagnostic) -> String {
        guard description.contains("$") else { return description }
        var result = ""
        var rest = Substring(description)
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            if rest.first == "$" { rest.removeFirst() }
            let name =
                rest.first?.isNumber == true
                ? rest.prefix { $0.isASCII && $0.isNumber } : rest.prefix { $0.isASCII && $0.isLetter }
            guard !name.isEmpty else {
                throw Diagnostic("'$' without a name", at: position, advice: advice, tag: .init("MACRO_UNDEF"))
            }
            result += String(decoding: try value(of: String(name), at: position).text, as: UTF8.self)
            rest = rest.dropFirst(name.count)
        }
        return result + rest
    }
}
