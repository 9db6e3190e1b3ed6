import Protocols

extension FilterParser {
    /// Expands a macro with the arguments that follow it.
    ///
    /// - Parameter path: the headers in whose scope the body is read; nil for the data link protocol.
    mutating func expand(
        _ found: (name: String, macro: FilterMacros.Macro), path: HeaderPath?, base: HeaderPath.Base,
        _ start: FilterToken
    ) throws(FilterError) -> Operand {
        position += 1
        let (arguments, text) = try arguments(of: found, start)
        guard depth < ParserState.depthLimit else {
            throw error("macros are nested too deeply: \(found.name) may contain itself", at: start)
        }
        guard let body = found.macro.expanded(arguments) else {
            throw error("\(found.name) becomes longer than \(FilterMacros.textLimit) bytes", at: start)
        }
        let before = state.corrections
        var operand: Operand
        do {
            var parser = try FilterParser(
                body, state, enclosing: path, base: base,
                left: path?.places.last.map { FilterScope(place: $0) } ?? left, depth: depth + 1)
            operand = try parser.whole()
        } catch {
            throw FilterError("in macro \(start.text): \(error.message)", source, at: start.range.lowerBound)
        }
        // Corrections in the body of a macro do not show in the filter.
        state.corrections = before
        if let place = path?.places.last { left = FilterScope(place: place) }
        operand.text = text
        operand.offset = start.range.lowerBound
        operand.field = nil
        operand.isProtocol = false
        return operand.kind == .test ? closed(operand) : operand
    }

    /// The arguments of a macro, and the call as it is printed.
    private mutating func arguments(
        of found: (name: String, macro: FilterMacros.Macro), _ start: FilterToken
    ) throws(FilterError) -> ([String], String) {
        let arity = found.macro.arity
        guard arity > 0 else { return ([], start.text) }
        if token.kind == .open { return try listed(of: found, start) }
        var arguments: [String] = []
        while arguments.count < arity, let argument = try nextArgument() { arguments.append(argument) }
        var given = arguments.count
        // A further name or number is a surplus argument: as an operand of its own it would make no sense.
        if given == arity, isSurplus(token) { given += 1 }
        guard given == arity else { throw wrongCount(found.name, arity, given, start) }
        return (arguments, ([start.text] + arguments).joined(separator: " "))
    }

    private func wrongCount(_ name: String, _ arity: Int, _ given: Int, _ start: FilterToken) -> FilterError {
        error(
            "\(name) takes \(arity) argument\(arity == 1 ? "" : "s"), and \(given > arity ? "more are" : "\(given) are") given",
            at: start)
    }

    /// `(a, b)`
    private mutating func listed(
        of found: (name: String, macro: FilterMacros.Macro), _ start: FilterToken
    ) throws(FilterError) -> ([String], String) {
        let group = try parenthesized()
        let arguments = group.map { self.text($0) }
        guard arguments.count == found.macro.arity, arguments.allSatisfy({ !$0.isEmpty }) else {
            throw wrongCount(found.name, found.macro.arity, arguments.count { !$0.isEmpty }, start)
        }
        return (arguments, "\(start.text)(\(arguments.joined(separator: ", ")))")
    }

    /// The next argument of those that blanks separate; nil if no operand follows.
    private mutating func nextArgument() throws(FilterError) -> String? {
        let start = token
        switch start.kind {
        case .word, .number, .argument:
            position += 1
            return start.text
        case .open:
            let group = try parenthesized()
            return "(\(group.map { text($0) }.joined(separator: ", ")))"
        default: return nil
        }
    }

    private func isSurplus(_ token: FilterToken) -> Bool {
        switch token.kind {
        case .number: return true
        case .word:
            let first = token.text.prefix { $0 != "." }
            let isKnown =
                ProtocolNames.place(String(first)) != nil || first == "any" || first == "inner" || first == "define"
                || macro(token.text, state.dataLink, isDataLink: true) != nil
                || left.flatMap { macro(token.text, $0.place, isDataLink: false) } != nil
                || enclosing != nil
                || ProtocolTable.all[state.dataLink][token.text] != nil
            return !isKnown
        default: return false
        }
    }

    /// The tokens between parentheses, which are consumed, divided at commas.
    private mutating func parenthesized() throws(FilterError) -> [Range<Int>] {
        let open = token
        position += 1
        var groups: [Range<Int>] = []
        var start = position
        var nesting = 0
        while true {
            switch token.kind {
            case .end: throw error("')' is missing", at: open)
            case .open: nesting += 1
            case .close where nesting == 0:
                groups.append(start..<position)
                position += 1
                return groups
            case .close: nesting -= 1
            case .operation(.sequence) where nesting == 0:
                groups.append(start..<position)
                start = position + 1
            default: break
            }
            position += 1
        }
    }

    /// The source of some tokens.
    private func text(_ range: Range<Int>) -> String {
        guard let first = tokens[range].first, let last = tokens[range].last else { return "" }
        let bytes = Array(source.utf8)[first.range.lowerBound..<last.range.upperBound]
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `define(name, def)`: its value is 1.
    mutating func definition(in protocolName: String, _ start: FilterToken) throws(FilterError) -> Operand {
        position += 1
        guard token.kind == .open else { throw error("define(name, definition) needs parentheses", at: start) }
        let groups = try parenthesized()
        guard groups.count >= 2, tokens[groups[0]].count == 1, let name = tokens[groups[0]].first else {
            throw error("define(name, definition) needs a name, a comma and a definition", at: start)
        }
        // The definition may contain commas.
        let body = text(groups[1].lowerBound..<(groups.last?.upperBound ?? groups[1].upperBound))
        do {
            if try state.macros.define(checking: name.text, in: protocolName, as: body) {
                state.warnings.append("\(protocolName).\(name.text) is defined again; the last definition counts")
            }
        } catch {
            throw FilterError(error.message, source, at: name.range.lowerBound)
        }
        return Operand(
            expression: .number(1), kind: .test, text: "\(start.text)(\(name.text), \(body))",
            offset: start.range.lowerBound)
    }
}
