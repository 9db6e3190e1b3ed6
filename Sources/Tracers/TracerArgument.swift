/// One comma-separated item of `-t` or `--tracer-exclude`, as written.
enum TracerArgument: Equatable {
    case regex(String)
    /// `kernel:GLOB`, without the prefix.
    case kernel(String)
    /// `+NAME`, without the plus.
    case under(String)
    /// All other items: a name or a pattern over names.
    case name(String)

    /// Splits one argument. Ignores blanks around items, and empty items such as after a final comma.
    ///
    /// A regular expression may contain commas: it ends at the first `/` that is followed by a comma or the end.
    static func parse(_ text: String) throws(TracerSelectionError) -> [TracerArgument] {
        var arguments: [TracerArgument] = []
        var rest = text[...]
        while true {
            rest = rest.drop { $0.isWhitespace || $0 == "," }
            guard let first = rest.first else { return arguments }
            if first == "/" {
                let (source, after) = try regex(rest)
                arguments.append(.regex(source))
                rest = after
            } else {
                let item = rest.prefix { $0 != "," }
                rest = rest[item.endIndex...]
                arguments.append(try plain(trimmed(item)))
            }
        }
    }

    private static func regex(
        _ text: Substring
    ) throws(TracerSelectionError) -> (source: String, after: Substring) {
        var end = text.index(after: text.startIndex)
        while let slash = text[end...].firstIndex(of: "/") {
            let after = text[text.index(after: slash)...].drop(while: \.isWhitespace)
            if after.isEmpty || after.first == "," {
                return (String(text[text.index(after: text.startIndex)..<slash]), after)
            }
            end = text.index(after: slash)
        }
        throw .openRegex(String(text))
    }

    private static func plain(_ item: Substring) throws(TracerSelectionError) -> TracerArgument {
        if item.first == "+" {
            let name = item.dropFirst()
            guard !name.isEmpty, name.utf8.allSatisfy({ CatalogName.isIdentifier($0) || "*?[]!-".utf8.contains($0) })
            else { throw .notAFunction(String(item)) }
            return .under(String(name))
        }
        guard let colon = item.firstIndex(of: ":") else { return .name(String(item)) }
        let name = item[item.index(after: colon)...]
        guard colon != item.startIndex, !name.isEmpty else { throw .incomplete(String(item)) }
        return item[..<colon] == "kernel" ? .kernel(String(name)) : .name(String(item))
    }

    private static func trimmed(_ item: Substring) -> Substring {
        var item = item.drop(while: \.isWhitespace)
        while item.last?.isWhitespace == true { item.removeLast() }
        return item
    }
}
