public import FilterLanguage

/// `.netsnooprc`: macros, options of the command line and options of protocols.
public struct ResourceFile: Sendable {
    public private(set) var macros = FilterMacros()
    /// The words of `option` lines, which precede those of the command line.
    public private(set) var arguments: [String] = []
    public private(set) var protocols = ProtocolOptions()
    /// Errors with the numbers of their lines; the other lines count.
    public private(set) var warnings: [String] = []

    public init(_ text: String = "") {
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = line.split(maxSplits: 1) { $0 == " " || $0 == "\t" }
            guard let keyword = words.first, !keyword.hasPrefix("#") else { continue }
            let rest = words.count > 1 ? String(words[1].drop { $0 == " " || $0 == "\t" }) : ""
            if let problem = read(String(keyword), rest) { warnings.append("line \(index + 1): \(problem)") }
        }
    }

    /// Returns what is wrong with a line.
    private mutating func read(_ keyword: String, _ rest: String) -> String? {
        guard ["define", "option", "set"].contains(keyword) else {
            return "'\(keyword)' is neither define, option nor set"
        }
        guard !rest.isEmpty else { return "nothing follows '\(keyword)'" }
        switch keyword {
        case "define":
            let parts = rest.split(maxSplits: 1) { $0 == " " || $0 == "\t" }.map(String.init)
            guard parts.count == 2 else { return "a definition has a name and a filter: define ip.name src == $1" }
            do {
                try macros.define(path: parts[0], as: parts[1])
            } catch {
                return error.message
            }
        case "option": arguments += rest.split { $0 == " " || $0 == "\t" }.map(String.init)
        default:
            do { try protocols.set(rest) } catch { return error.description }
        }
        return nil
    }
}
