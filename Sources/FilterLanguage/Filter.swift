import Protocols

/// A filter that was read.
public struct Filter: Sendable {
    public let expression: FilterExpression
    /// The filter with the operators that it lacked; nil if it lacked none.
    public let corrected: String?
    /// Remarks, such as on macros that were defined twice.
    public let warnings: [String]

    /// - Parameters:
    ///   - dataLink: the protocol of the outermost header, whose fields and macros need no path: "ether".
    ///   - macros: definitions in the filter are added to them.
    public init(
        _ text: String, dataLink: String = "ether", names: FilterNames = FilterNames(), macros: inout FilterMacros
    ) throws(FilterError) {
        let state = ParserState(names: names, macros: macros, dataLink: ProtocolNames.place(dataLink) ?? 0)
        var parser = try FilterParser(text, state)
        let operand = try parser.whole()
        macros = state.macros
        warnings = state.warnings
        corrected = state.corrections > 0 ? operand.text : nil
        expression = operand.expression
    }

    /// With the macros that every protocol brings along.
    public init(_ text: String, dataLink: String = "ether", names: FilterNames = FilterNames()) throws(FilterError) {
        var macros = FilterMacros()
        try self.init(text, dataLink: dataLink, names: names, macros: &macros)
    }
}
