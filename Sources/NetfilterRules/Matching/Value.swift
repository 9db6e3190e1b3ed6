/// A value that a rule compares: an address or number, the name of a device, or a concatenation of nft.
indirect enum Value: Equatable, Sendable {
    case number(UInt128)
    case text(String)
    case tuple([Value])
}

/// The right side of a comparison.
indirect enum Pattern: Equatable, Sendable {
    case any
    case exact(Value)
    /// Both ends are included.
    case range(UInt128, UInt128)
    /// `eth*` in nft, `eth+` in iptables.
    case textPrefix(String)
    case tuple([Pattern])
    /// A notation that is not known here; the string has the text.
    case unreadable(String)

    static func prefix(_ address: UInt128, length: Int, bits: Int) -> Pattern {
        let host = UInt128(bits - length)
        let low = host >= 128 ? 0 : (address >> host) << host
        let spread: UInt128 = host >= 128 ? .max : (1 << host) - 1
        return .range(low, low | spread)
    }

    /// `ct state invalid`
    static let invalidConnection = Pattern.exact(.number(1))

    func matches(_ value: Value) -> Ternary {
        switch (self, value) {
        case (.any, _): return .yes
        case (.unreadable(let spelling), _): return .unknown(["the meaning of '\(spelling)'"])
        case (.exact(let wanted), _): return Ternary(wanted == value)
        case (.range(let low, let high), .number(let number)): return Ternary(low <= number && number <= high)
        case (.textPrefix(let start), .text(let text)): return Ternary(text.hasPrefix(start))
        case (.tuple(let patterns), .tuple(let values)) where patterns.count == values.count:
            return zip(patterns, values).reduce(.yes) { $0 && $1.0.matches($1.1) }
        default: return .no
        }
    }
}

extension [Pattern] {
    /// Whether one of them matches: one definite match outweighs unknown ones.
    func matches(_ value: Value) -> Ternary {
        var reasons: [String] = []
        for pattern in self {
            switch pattern.matches(value) {
            case .yes: return .yes
            case .no: continue
            case .unknown(let more): reasons += more
            }
        }
        return reasons.isEmpty ? .no : .unknown(reasons)
    }
}
