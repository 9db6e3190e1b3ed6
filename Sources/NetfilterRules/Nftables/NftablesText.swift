/// The lines of rules in the output of `nft -a list ruleset`, by handle.
struct NftablesText {
    private var lines: [ChainReference: [UInt64: String]] = [:]

    subscript(chain: ChainReference, handle: UInt64) -> String? { lines[chain]?[handle] }

    init(_ text: String) {
        var table: (family: String, name: String)?
        var chain: ChainReference?
        for line in text.split(whereSeparator: \.isNewline) {
            let trimmed = line.drop { $0 == "\t" || $0 == " " }
            let words = trimmed.split(separator: " ", maxSplits: 4)
            if line.first != "\t", words.count >= 4, words[0] == "table", words[3] == "{" {
                table = (String(words[1]), String(words[2]))
                chain = nil
            } else if words.count >= 3, words[0] == "chain", words[2] == "{", let table {
                chain = ChainReference(
                    source: .nftables, family: table.family, table: table.name, chain: String(words[1]))
            } else if trimmed == "}" {
                chain = nil
            } else if let chain, let mark = Self.handleMark(trimmed) {
                lines[chain, default: [:]][mark.handle] = String(mark.text)
            }
        }
    }

    /// Splits `tcp dport 22 drop # handle 8`.
    private static func handleMark(_ line: Substring) -> (text: Substring, handle: UInt64)? {
        let words = line.split(separator: " ")
        guard words.count > 3, words[words.count - 3] == "#", words[words.count - 2] == "handle",
            let handle = UInt64(words[words.count - 1])
        else { return nil }
        return (line[..<words[words.count - 4].endIndex], handle)
    }
}
