import Protocols

extension FilterParser {
    /// The error for a word that no scope knows.
    func unknown(
        _ components: ArraySlice<Substring>, _ base: HeaderPath.Base, _ start: FilterToken
    ) -> FilterError {
        var names: [String] = []
        var rest = components
        while let next = rest.first {
            let parent = names.last
            guard
                let place = parent.flatMap({ ProtocolTable.place(named: "\($0).\(next)") })
                    ?? ProtocolNames.place(String(next))
            else { break }
            names.append(ProtocolTable.all[place].name)
            rest = rest.dropFirst()
        }
        guard let kind = names.last else { return unknownName(components.joined(separator: "."), start) }
        let name = rest.joined(separator: ".")
        var offset = start.range.lowerBound
        // Blanks in the word move the rest, which is then shown from the start.
        if start.text.utf8.count == start.range.count { offset += start.text.utf8.count - name.utf8.count }
        if name.isEmpty { return FilterError("a name is missing after \(kind).", source, at: offset) }
        let known =
            (ProtocolTable.named(kind)?.fields.map { String($0.name.dropFirst(kind.utf8.count + 1)) } ?? [])
            + state.macros.all(in: kind).map(\.name)
        var message = "\(kind) has no field, macro or name '\(name)'"
        if let minus = name.firstIndex(of: "-"), known.contains(String(name[..<minus])) {
            message += ": a blank must precede the operator -"
        } else {
            message += NearestNames.hint(for: name, among: known, prefix: "\(kind).")
        }
        return FilterError(message, source, at: offset)
    }

    private func unknownName(_ name: String, _ start: FilterToken) -> FilterError {
        let first = String(name.prefix { $0 != "." })
        if ProtocolNames.notSupported.contains(first) {
            return error("\(first) is a protocol of other times, which is not supported", at: start)
        }
        let link = ProtocolTable.all[state.dataLink]
        let scope = left.map { ProtocolTable.all[$0.place].name }
        let places = [scope, link.name].compactMap { $0 }
        var message =
            "'\(name)' is unknown in \(Set(places).count == 1 ? places[0] : places.joined(separator: " and "))"
        if let minus = name.firstIndex(of: "-"), name[..<minus].allSatisfy(\.isNumber) {
            message += ": a blank must precede the operator -"
        } else if name == "broadcast" || name == "netmask" {
            message += ": did you mean ip.\(name)?"
        } else {
            let known =
                ProtocolTable.all.map(\.name) + link.fields.map { String($0.name.dropFirst(link.name.utf8.count + 1)) }
                + places.flatMap { state.macros.all(in: $0).map(\.name) }
                + state.macros.all(in: FilterMacros.everywhere).map(\.name)
            message += NearestNames.hint(for: name, among: known)
        }
        return error(message, at: start)
    }
}
