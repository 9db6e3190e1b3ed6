/// A valid regular expression for names. It matches anywhere in the name; `^` and `$` anchor it.
///
/// Supports POSIX extended regular expressions with the usual escapes and groups, but no back references and no lookaround,
/// whose matching time may be exponential. Stores the text, since the automaton changes while it matches.
public struct NameRegex: Hashable, Sendable {
    public let source: String

    /// - Throws: ``TracerSelectionError/badRegex(_:reason:)`` if the text is not a regular expression.
    public init(_ source: String) throws(TracerSelectionError) {
        do throws(RegexFault) {
            _ = try RegexStates(source)
        } catch {
            throw .badRegex(source, reason: error.reason)
        }
        self.source = source
    }

    /// The names that match, in the given order. Compiles the expression once for all of them.
    public func matches(in names: some Sequence<String>) -> [String] {
        // Always succeeds, since init has compiled the same text.
        guard let states = try? RegexStates(source) else { return [] }
        var automaton = RegexAutomaton(states)
        return names.filter { automaton.matches($0.utf8) }
    }
}

/// The reason that a text is not a regular expression.
struct RegexFault: Error {
    let reason: String
}
