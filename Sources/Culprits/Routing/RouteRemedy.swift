import Diagnosis

extension Culprit {
    /// A route that refuses a destination.
    ///
    /// - Parameter rule: the policy rule that selects the route's table; it is not reported if every machine has it.
    static func route(_ text: String, covering destination: String, selectedBy rule: String? = nil) -> Culprit {
        let isUsual = rule.map { $0.hasPrefix("0:") || $0.hasPrefix("32766:") || $0.hasPrefix("32767:") } ?? true
        let selection =
            isUsual ? [] : rule.map { ["its table is selected by the policy rule \($0.replacing("\t", with: " "))"] }
        return Culprit(
            kind: "route", name: text, details: ["it covers \(destination)"] + (selection ?? []),
            values: ["route": RouteWords.deletion(ofRoute: text)],
            remedies: [
                Cause.Step(command: "ip {family} route del {route}", note: "if it is wrong; a daemon may put it back")
            ])
    }

    /// A policy rule that refuses by itself.
    static func policyRule(_ text: String, covering destination: String) -> Culprit {
        Culprit(
            kind: "policy-rule", name: text, details: ["it covers \(destination)"],
            values: ["route": RouteWords.deletion(ofRule: text)],
            remedies: [
                Cause.Step(command: "ip {family} rule del {route}", note: "if it is wrong; a daemon may put it back")
            ])
    }
}

/// Converts lines of ip(8) to arguments of its commands, since ip(8) does not accept everything that it prints.
enum RouteWords {
    /// Converts a line of `ip route show` to arguments of `ip route del`.
    static func deletion(ofRoute line: String) -> String {
        var words: [Substring] = []
        var rest = line.split(separator: " ")[...]
        while let word = rest.popFirst() {
            switch word {
            // Each of these has a value; "pref" is the preference of router advertisements.
            case "error", "pref", "expires": _ = rest.popFirst()
            case "linkdown", "dead", "cache", "offload", "trap": continue
            default: words.append(word)
            }
        }
        return words.joined(separator: " ")
    }

    /// Converts a line of `ip rule show` to arguments of `ip rule del`: the number before the colon is the preference.
    static func deletion(ofRule line: String) -> String {
        guard let colon = line.firstIndex(of: ":") else { return line }
        let words = line[line.index(after: colon)...].split { $0 == " " || $0 == "\t" }.filter { $0.first != "[" }
        return (["pref", line[..<colon]] + words).joined(separator: " ")
    }
}
