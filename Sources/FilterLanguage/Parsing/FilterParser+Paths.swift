import Protocols

extension FilterParser {
    /// The meaning of a path's beginning: the headers, and what is left of the path.
    struct Start {
        var path: HeaderPath
        var rest: ArraySlice<Substring>
        /// Whether `path` names a protocol that the filter spells, not just the scope.
        var isNamed: Bool
    }

    /// A word that is no number: a path, a macro, a definition, a name.
    mutating func word() throws(FilterError) -> Operand {
        let start = token
        var components = start.text.split(separator: ".", omittingEmptySubsequences: false)[...]
        var base = base
        while let prefix = components.first, components.count > 1, prefix == "any" || prefix == "inner" {
            base = try self.base(prefix, in: base, at: start)
            components = components.dropFirst()
        }
        // The value of a field that is compared with a name: `ip.p == udp` is no test of a protocol.
        if components.count == 1, let field = left?.field,
            let number = FilterNames.number(announcedBy: field, String(components[components.startIndex]))
        {
            position += 1
            return constant(NamedValues(values: [number], kind: .number), start)
        }
        if let value = FilterNames.address(start.text) {
            position += 1
            return constant(value, start)
        }
        for beginning in starts(components, base) {
            if let operand = try resolve(beginning, start) { return operand }
        }
        if let operand = try unqualified(components, base, start) { return operand }
        throw unknown(components, base, start)
    }

    private func base(
        _ prefix: Substring, in base: HeaderPath.Base, at start: FilterToken
    ) throws(FilterError) -> HeaderPath.Base {
        switch (prefix, base) {
        case ("any", .depth(0)): return .any
        case ("inner", .depth(let depth)): return .depth(min(depth + 1, 64))
        default: throw error("any. stands alone: it includes inner.", at: start)
        }
    }

    /// The scopes in which a path may begin, the nearest first.
    private func starts(_ components: ArraySlice<Substring>, _ base: HeaderPath.Base) -> [Start] {
        var starts: [Start] = []
        guard let first = components.first else { return [] }
        let named = ProtocolNames.place(String(first))
        if let enclosing, let scope = enclosing.places.last {
            let path = HeaderPath(places: enclosing.places, base: base)
            if named == scope {
                starts.append(Start(path: path, rest: components.dropFirst(), isNamed: true))
            } else {
                starts.append(Start(path: path, rest: components, isNamed: false))
                if let named, ProtocolNames.rank(named) > ProtocolNames.rank(scope) {
                    var longer = path
                    longer.places.append(named)
                    starts.append(Start(path: longer, rest: components.dropFirst(), isNamed: true))
                }
            }
        }
        if let named {
            starts.append(
                Start(path: HeaderPath(places: [named], base: base), rest: components.dropFirst(), isNamed: true))
        }
        starts.append(Start(path: HeaderPath(places: [state.dataLink], base: base), rest: components, isNamed: false))
        return starts
    }

    /// The operand that a path's rest gives in the scope of its beginning; nil if the scope does not have it.
    private mutating func resolve(_ beginning: Start, _ start: FilterToken) throws(FilterError) -> Operand? {
        var path = beginning.path
        var rest = beginning.rest
        var isNamed = beginning.isNamed
        while let scope = path.places.last, let next = rest.first {
            let kind = ProtocolTable.all[scope]
            if let operand = field(rest.joined(separator: "."), of: scope, path, start) { return operand }
            if rest.count == 1, next == "define" { return try definition(in: kind.name, start) }
            if rest.count == 1, let found = macro(String(next), scope, isDataLink: !isNamed) {
                return try expand(found, path: isNamed || enclosing != nil ? path : nil, base: path.base, start)
            }
            guard isNamed else { return nil }
            // `frag` in ip6 is the protocol ip6.frag.
            guard let child = ProtocolTable.place(named: "\(kind.name).\(next)") ?? ProtocolNames.place(String(next))
            else {
                break
            }
            path.places.append(child)
            rest = rest.dropFirst()
            isNamed = true
        }
        guard let scope = path.places.last else { return nil }
        if rest.isEmpty {
            position += 1
            left = FilterScope(place: scope)
            return Operand(
                expression: .headers(path), kind: .test, text: start.text, offset: start.range.lowerBound,
                isProtocol: true, hasOpenAny: path.base == .any)
        }
        let name = rest.joined(separator: ".")
        guard isNamed, let value = state.names.value(of: name, in: ProtocolTable.all[scope], field: nil) else {
            return nil
        }
        position += 1
        left = FilterScope(place: scope)
        return constant(value, start)
    }

    /// The macro of a name in a protocol; those of every data link protocol count if it is one.
    func macro(_ name: String, _ scope: Int, isDataLink: Bool) -> (name: String, macro: FilterMacros.Macro)? {
        let found =
            state.macros.find(name, in: ProtocolTable.all[scope].name)
            ?? (isDataLink && enclosing == nil || scope == state.dataLink
                ? state.macros.find(name, in: FilterMacros.everywhere) : nil)
        return found.map { (name, $0) }
    }

    /// A field, or a group of fields whose names begin alike.
    private mutating func field(
        _ name: String, of scope: Int, _ path: HeaderPath, _ start: FilterToken
    ) -> Operand? {
        let kind = ProtocolTable.all[scope]
        let complete = "\(kind.name).\(name)"
        func reference(_ index: Int) -> FieldReference { FieldReference(path: path, place: scope, index: index) }
        let isOpen = path.base == .any
        if let index = kind.fields.firstIndex(where: { $0.name == complete }) {
            let field = kind.fields[index]
            position += 1
            left = FilterScope(place: scope, field: field)
            let offset = start.range.lowerBound
            if field.isRun {
                return Operand(
                    expression: .presence(path, fields: [reference(index)]), kind: .test, text: start.text,
                    offset: offset, hasOpenAny: isOpen)
            }
            return Operand(
                expression: .field(reference(index)), kind: field.isFlag ? .flag : .value, text: start.text,
                offset: offset, address: field.address, field: field, hasOpenAny: isOpen)
        }
        let group = kind.fields.indices.filter { kind.fields[$0].name.hasPrefix(complete + ".") }
        guard !group.isEmpty else { return nil }
        position += 1
        left = FilterScope(place: scope)
        return Operand(
            expression: .presence(path, fields: group.map(reference)), kind: .test, text: start.text,
            offset: start.range.lowerBound, hasOpenAny: isOpen)
    }

    /// A name without a path: a macro or a name of the last protocol to the left, then of the data link protocol.
    private mutating func unqualified(
        _ components: ArraySlice<Substring>, _ base: HeaderPath.Base, _ start: FilterToken
    ) throws(FilterError) -> Operand? {
        let name = components.joined(separator: ".")
        var scopes: [FilterScope] = left.map { [$0] } ?? []
        if let enclosing = enclosing?.places.last { scopes.append(FilterScope(place: enclosing)) }
        scopes.append(FilterScope(place: state.dataLink))
        for scope in scopes {
            if let found = macro(name, scope.place, isDataLink: false) {
                let path = HeaderPath(places: [scope.place], base: base)
                return try expand(found, path: path, base: base, start)
            }
            let kind = ProtocolTable.all[scope.place]
            if let value = state.names.value(of: name, in: kind, field: scope.field)
                ?? state.names.value(of: name, in: kind, field: nil)
            {
                position += 1
                return constant(value, start)
            }
        }
        return nil
    }

    private func constant(_ value: NamedValues, _ start: FilterToken) -> Operand {
        Operand(
            expression: .constant(bits: value.values[0], isWide: value.kind == .ipv6), kind: .constant,
            text: start.text, offset: start.range.lowerBound, address: value.kind,
            alternatives: Array(value.values.dropFirst()))
    }
}

extension ProtocolField {
    fileprivate var isFlag: Bool {
        if case .flag = notation { true } else { false }
    }

    fileprivate var address: NamedValues.Kind {
        switch notation {
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        case .ethernet: .ethernet
        default: .number
        }
    }
}
