/// Three-valued truth: true, false, or not decided by the evidence.
enum Ternary: Equatable, Sendable {
    case yes
    case no
    /// Short descriptions of the missing facts, for the user.
    case unknown([String])

    init(_ known: Bool) {
        self = known ? .yes : .no
    }

    static func && (left: Ternary, right: @autoclosure () -> Ternary) -> Ternary {
        switch left {
        case .no: return .no
        case .yes: return right()
        case .unknown(let reasons):
            switch right() {
            case .no: return .no
            case .yes: return left
            case .unknown(let more): return .unknown(reasons + more)
            }
        }
    }

    static func || (left: Ternary, right: @autoclosure () -> Ternary) -> Ternary {
        !(!left && !right())
    }

    static prefix func ! (value: Ternary) -> Ternary {
        switch value {
        case .yes: .no
        case .no: .yes
        case .unknown: value
        }
    }
}
