/// What a rule makes of a packet's mark: it keeps some bits and turns over others.
struct MarkChange: Equatable, Sendable {
    var keep: UInt32
    var flip: UInt32

    static let unchanged = MarkChange(keep: .max, flip: 0)

    static func set(_ mark: UInt32) -> MarkChange { MarkChange(keep: 0, flip: mark) }

    /// This change, and then another one.
    func then(_ next: MarkChange) -> MarkChange {
        MarkChange(keep: keep & next.keep, flip: flip & next.keep ^ next.flip)
    }
}

/// A mark of which some bits may be unknown.
struct MarkBits: Equatable, Sendable {
    private(set) var known: UInt32
    /// Zero where a bit is not known.
    private(set) var value: UInt32

    static let unknown = MarkBits(known: 0, value: 0)

    init(_ mark: UInt32) { self.init(known: .max, value: mark) }

    private init(known: UInt32, value: UInt32) {
        self.known = known
        self.value = value & known
    }

    /// - Parameter change: nil: to something unknown.
    func changed(by change: MarkChange?) -> MarkBits {
        guard let change else { return .unknown }
        return MarkBits(known: known | ~change.keep, value: value & change.keep ^ change.flip)
    }

    /// The bits that are the same in both.
    func joined(with other: MarkBits) -> MarkBits {
        MarkBits(known: known & other.known & ~(value ^ other.value), value: value)
    }

    /// The masked mark if all its bits are known.
    func masked(by mask: UInt32) -> UInt32? { known & mask == mask ? value & mask : nil }

    /// Whether a masked mark cannot be this number, whatever its unknown bits are.
    func contradicts(_ number: UInt128, mask: UInt32) -> Bool {
        number > UInt128(UInt32.max) || (UInt32(number) ^ value) & known & mask != 0 || UInt32(number) & ~mask != 0
    }
}

extension Operand {
    /// The bits of the mark that are compared; nil: something else is.
    var markMask: UInt32? {
        switch self {
        case .field(.mark): .max
        case .masked(.field(.mark), let mask): UInt32(truncatingIfNeeded: mask)
        default: nil
        }
    }
}
