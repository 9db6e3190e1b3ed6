/// Why packets cannot be filtered as asked. Every description says what, why, and what to do.
public enum FilterError: Error, Equatable, Sendable {
    /// The value of an option is not what the option takes. `option` is its long name, `text` the offending part.
    case invalidOption(option: String, text: String, reason: String, advice: String)
    /// libpcap's own message about the expression that the user wrote.
    case rejected(expression: String, message: String)
    /// Each part is fine, but no packet can match all of them.
    case contradiction(expression: String)
    /// A correct expression that cannot run inside the kernel.
    case unsupported(expression: String, reason: String)
    /// More instructions than one BPF program can hold.
    case tooLarge(expression: String)
}

extension FilterError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidOption(let option, let text, let reason, let advice):
            "\(option) '\(text)': \(reason); \(advice)"
        case .rejected(let expression, let message):
            "filter expression '\(expression)': \(message); the language is described in pcap-filter(7)"
        case .contradiction(let expression):
            """
            no packet can match '\(expression)': its parts exclude each other; \
            drop one of the conditions or join them with 'or' in a filter expression
            """
        case .unsupported(let expression, let reason):
            "filter expression '\(expression)' cannot run in the kernel: \(reason)"
        case .tooLarge(let expression):
            """
            filter expression '\(expression.prefix(60))' is too large for one BPF program; \
            use networks and ranges instead of long lists
            """
        }
    }
}
