/// A regular expression over names, known to be valid. It matches anywhere in the name; `^` and `$` anchor it.
///
/// Extended regular expressions (POSIX) with the usual escapes and groups; no back references and no looking around, which
/// would make the time of matching depend on the expression in ways that nobody foresees. Keeps the text, since the automaton
/// changes while it matches.
public struct NameRegex: Hashable, Sendable {
    public let source: String

    /// - Throws: ``TracerSelectionError/badRegex(_:reason:)`` for text that is no regular expression.
    public init(_ source: String) throws(TracerSelectionError) {
        do throws(RegexFault) {
            _ = try RegexStates(source)
        } catch {
            throw .badRegex(source, reason: error.reason)
        }
        self.source = source
    }

    /// The names that match, in their order. Compiles the expression once for all of them.
    public func matches(in names: some Sequence<String>) -> [String] {
        // Never empty-handed for this reason: init has compiled it before.
        guard let states = try? RegexStates(source) else { return [] }
        var automaton = RegexAutomaton(states)
        return names.filter { automaton.matches($0.utf8) }
    }
}

/// Why a text is no regular expression.
struct RegexFault: Error {
    let reason: String
}
