/// The reason that a listing of the rules cannot be parsed.
public enum RulesetError: Error, Equatable, Sendable {
    /// `offset`: in bytes from the beginning of the text.
    case notJSON(what: String, offset: Int)
    /// Valid JSON, but not the output of `nft -j list ruleset` (libnftables-json(5)).
    case notNftables(String)
    /// `line`: counted from 1.
    case notIptablesSave(String, line: Int)
}

extension RulesetError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notJSON(let what, let offset):
            "the output of 'nft -j list ruleset' is not JSON (\(what) at byte \(offset)): was it cut off?"
        case .notNftables(let what):
            "the output of 'nft -j list ruleset' is not understood: \(what)"
        case .notIptablesSave(let what, let line):
            "the output of iptables-save is not understood: \(what) in line \(line)"
        }
    }
}
