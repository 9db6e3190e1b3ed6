import Protocols

/// The state that a parser shares with those of the macros it expands.
final class ParserState {
    let names: FilterNames
    var macros: FilterMacros
    /// Place of the data link protocol.
    let dataLink: Int
    var warnings: [String] = []
    /// Operators that were inserted.
    var corrections = 0
    private var operands = 0

    /// The operands of one filter, with those of its macros: a larger one would need too much memory, or never end.
    static let operandLimit = 1000
    /// Macros within macros, and parentheses within parentheses.
    static let depthLimit = 64

    init(names: FilterNames, macros: FilterMacros, dataLink: Int) {
        self.names = names
        self.macros = macros
        self.dataLink = dataLink
    }

    /// Returns false if there are too many operands.
    func countOperand() -> Bool {
        operands += 1
        return operands <= Self.operandLimit
    }
}

/// The protocol in whose scope names are looked up.
struct FilterScope {
    var place: Int
    /// The last field to the left.
    var field: ProtocolField?
}

/// A part of a filter that was read.
struct Operand {
    /// The type, by which the parser decides which operator is missing after it.
    enum Kind {
        /// True or false: a comparison, a protocol.
        case test
        /// A field or a calculation with one.
        case value
        /// A bit, which may be compared or stand alone.
        case flag
        case constant
    }

    var expression: FilterExpression
    var kind: Kind
    /// The canonical spelling.
    var text: String
    /// Where it begins in the source.
    var offset: Int
    /// The kind of address; `.number` for all else.
    var address = NamedValues.Kind.number
    /// Of a name with several values: the others.
    var alternatives: [UInt128] = []
    /// A field alone, with which names are compared.
    var field: ProtocolField?
    /// A path to a protocol alone, which is no value.
    var isProtocol = false
    /// Whether it has a path with `any.` for which no packet is tried yet.
    var hasOpenAny = false

    /// The operand as true or false, where `any.` tries each packet.
    var closed: Operand {
        guard hasOpenAny else { return self }
        var closed = self
        closed.expression = .anyPacket(expression)
        closed.hasOpenAny = false
        return closed
    }
}
