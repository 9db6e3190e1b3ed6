/// The reason why a filter is refused. Every description says what is wrong, why, and what to do.
public enum FilterError: Error, Equatable, Sendable {
    /// An option has a value that it does not take. `option` is its long name, `text` the offending part.
    case invalidOption(option: String, text: String, reason: String, advice: String)
    /// libpcap rejects the user's expression; `message` is libpcap's own.
    case rejected(expression: String, message: String)
    /// Each part is correct, but no packet can match all of them.
    case contradiction(expression: String)
    /// The expression is correct but cannot run inside the kernel.
    case unsupported(expression: String, reason: String)
    /// More conditions than libpcap can compile in reasonable time and memory.
    case tooManyConditions(expression: String, count: Int)
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
        case .tooManyConditions(let expression, let count):
            """
            filter expression '\(expression.prefix(60))…' has \(count) conditions, and no more than \
            \(ClassicProgram.maximumConditions) can be compiled in good time; \
            give addresses and ports as lists, which may be of any length (--addr 10.0.0.1,10.0.0.2,…), or as networks and ranges
            """
        case .tooLarge(let expression):
            """
            filter expression '\(expression.prefix(60))' is too large for one BPF program; \
            use networks and ranges instead of long lists
            """
        }
    }
}
