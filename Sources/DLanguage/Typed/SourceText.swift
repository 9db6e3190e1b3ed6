/// A D program as the user gave it: a file, a text after `-n`, or a shipped library.
public struct SourceText: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// `-s FILE`: every clause has a body.
        case file
        /// `-n 'program'`: a clause may be a probe description alone.
        case commandLine
        /// A library: declarations, inlines and translators only.
        case library
    }

    /// As errors print it: the path, `-n` or the library's name.
    public var name: String
    public var text: [UInt8]
    public var kind: Kind

    public init(name: String, text: [UInt8], kind: Kind = .file) {
        self.name = name
        self.text = text
        self.kind = kind
    }

    public init(name: String, text: String, kind: Kind = .commandLine) {
        self.init(name: name, text: Array(text.utf8), kind: kind)
    }
}

/// A place in a source. Lines and columns count from 1; columns count bytes.
public struct SourcePosition: Hashable, Sendable {
    /// Index into `TypedProgram.sources`; `shipped` + n for the n-th of `DProgram.libraries`.
    public var source: UInt16
    public var line: Int32
    public var column: Int32

    public init(source: UInt16, line: Int32, column: Int32) {
        self.source = source
        self.line = line
        self.column = column
    }

    static let shipped: UInt16 = 1 << 15

    public static let start = SourcePosition(source: 0, line: 1, column: 1)
    /// No place in a text: an option of the command line.
    public static let none = SourcePosition(source: .max, line: 0, column: 0)
}
