/// A change of a packet's mark: `mark & keep ^ flip`.
struct MarkChange: Equatable, Sendable {
    var keep: UInt32
    var flip: UInt32

    static let unchanged = MarkChange(keep: .max, flip: 0)

    static func set(_ mark: UInt32) -> MarkChange { MarkChange(keep: 0, flip: mark) }

    /// This change followed by another one.
    func then(_ next: MarkChange) -> MarkChange {
        MarkChange(keep: keep & next.keep, flip: flip & next.keep ^ next.flip)
    }
}

/// A mark, some of whose bits may be unknown.
struct MarkBits: Equatable, Sendable {
    private(set) var known: UInt32
    /// Unknown bits are 0.
    private(set) var value: UInt32

    static let unknown = MarkBits(known: 0, value: 0)

    init(_ mark: UInt32) { self.init(known: .max, value: mark) }

    private init(known: UInt32, value: UInt32) {
        self.known = known
        self.value = value & known
    }

    /// - Parameter change: nil if the new mark is unknown.
    func changed(by change: MarkChange?) -> MarkBits {
        guard let change else { return .unknown }
        return MarkBits(known: known | ~change.keep, value: value & change.keep ^ change.flip)
    }

    /// The bits that are known and equal in both.
    func joined(with other: MarkBits) -> MarkBits {
        MarkBits(known: known & other.known & ~(value ^ other.value), value: value)
    }

    /// The masked mark if all its bits are known; otherwise nil.
    func masked(by mask: UInt32) -> UInt32? { known & mask == mask ? value & mask : nil }

    /// Whether the masked mark cannot be this number, whatever its unknown bits are.
    func contradicts(_ number: UInt128, mask: UInt32) -> Bool {
        number > UInt128(UInt32.max) || (UInt32(number) ^ value) & known & mask != 0 || UInt32(number) & ~mask != 0
    }
}

extension Operand {
    /// The compared bits of the mark; nil if the operand is not the mark.
    var markMask: UInt32? {
        switch self {
        case .field(.mark): .max
        case .masked(.field(.mark), let mask): UInt32(truncatingIfNeeded: mask)
        default: nil
        }
    }
}
