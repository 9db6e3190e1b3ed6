import ArgumentParser

@testable import NettraceCLI

/// The message about a command line that is refused, with the hint.
func refusal(_ words: [String]) -> String {
    let spelling = Spelling(words)
    do {
        _ = try Nettrace.parseAsRoot(spelling.arguments)
        return "accepted"
    } catch {
        guard Nettrace.exitCode(for: error) == .validationFailure else { return "another exit code" }
        let message = Nettrace.fullMessage(for: error)
        return message + "\n" + (spelling.hint(for: message) ?? "")
    }
}
