import Protocols
import Text

/// The fields that a level of detail shows of each protocol, in their order, with all that is worked out before the first
/// packet.
struct FramePlan {
    /// One field. No part of it has references to count: a plan is walked for each header of each packet.
    struct Step {
        enum Form: UInt8 {
            case decimal, grouped
            /// A bit, which is named where it is set.
            case flag
            /// A number of at most 48 bits, or an address of IPv6, whose text is looked up or takes long.
            case remembered
            /// All others: fields without a fixed place, bytes, texts.
            case computed
        }

        let form: Form
        /// Whether it begins a line, unless nothing precedes it.
        let beginsLine: Bool
        let bit: Int
        let count: Int
        let condition: Condition
        /// ` sport `
        let label: ShortText
    }

    /// The values of other bits with which a header has the field: at most 64 successive ones.
    struct Condition {
        var bit = 0
        /// 0 if all headers have the field.
        var count = 0
        var first: UInt64 = 0
        var mask: UInt64 = 0

        init() {}

        init?(_ condition: ProtocolField.Condition) {
            guard let first = condition.values.min(), let last = condition.values.max(), last - first < 64 else {
                return nil
            }
            bit = condition.bits.start
            count = condition.bits.count
            self.first = first
            for value in condition.values { mask |= 1 << (value - first) }
        }

        /// nil if the bits were not captured.
        @inline(__always)
        func holds(for header: borrowing HeaderBytes) -> Bool? {
            guard count > 0 else { return true }
            guard let value = header.number(bit: bit, count) else { return nil }
            return value >= first && value - first < 64 && mask >> (value - first) & 1 == 1
        }
    }

    private(set) var steps: [Step] = []
    /// The field of each step.
    private(set) var entries: [FrameLayout.Entry] = []
    /// The steps of each protocol, by its place in the table.
    private(set) var ranges: [Range<Int>] = []

    init(_ detail: ProtocolField.Detail) {
        for lines in FrameLayout.table {
            let start = steps.count
            for (line, all) in lines.enumerated() {
                var beginsLine = line > 0
                for entry in all where entry.field.detail <= detail {
                    append(entry, beginsLine: beginsLine)
                    beginsLine = false
                }
            }
            ranges.append(start..<steps.count)
        }
    }

    private mutating func append(_ entry: FrameLayout.Entry, beginsLine: Bool) {
        var form = Self.form(of: entry)
        let condition = entry.field.condition.map { Condition($0) } ?? Condition()
        let label = ShortText(form == .flag ? " \(entry.name)" : " \(entry.name) ")
        if label == nil || condition == nil { form = .computed }
        steps.append(
            Step(
                form: form, beginsLine: beginsLine, bit: entry.field.fixedBits?.start ?? 0,
                count: entry.field.fixedBits?.count ?? 0, condition: condition ?? Condition(),
                label: label ?? ShortText()))
        entries.append(entry)
    }

    private static func form(of entry: FrameLayout.Entry) -> Step.Form {
        guard let bits = entry.field.fixedBits, entry.role != .checksum else { return .computed }
        switch entry.field.notation {
        case .decimal where entry.field.names == nil && bits.count <= 64:
            switch entry.role {
            case .grouped: return .grouped
            case .port: return .remembered
            case .plain, .checksum: return .decimal
            }
        case .ipv6: return .remembered
        case .decimal, .hexadecimal, .flags, .ipv4, .ethernet: return bits.count <= 48 ? .remembered : .computed
        case .flag: return .flag
        case .bytes, .text, .domainName, .derived: return .computed
        }
    }
}

/// Texts of values that occurred before: addresses, ports and flags recur in a capture, and names are looked up for them.
struct RememberedTexts {
    /// A value of the field of a step.
    struct Key: Equatable {
        let step: Int
        let high: UInt64
        let low: UInt64

        /// Fibonacci hashing: the upper bits of a product with 2^64 divided by the golden ratio.
        fileprivate var place: Int {
            let mixed = (high ^ UInt64(truncatingIfNeeded: step) << 48) &* 0x9e37_79b9_7f4a_7c15 ^ low
            return Int((mixed &* 0x9e37_79b9_7f4a_7c15) >> 52)
        }
    }

    private struct Entry {
        var key = Key(step: -1, high: 0, low: 0)
        var text = ShortText()
    }

    private var entries = [Entry](repeating: Entry(), count: 1 << 12)

    @inline(__always)
    func append(_ key: Key, to buffer: inout ByteBuffer) -> Bool {
        let place = key.place
        guard entries[place].key == key else { return false }
        buffer.append(entries[place].text)
        return true
    }

    mutating func remember(_ text: ShortText, of key: Key) { entries[key.place] = Entry(key: key, text: text) }

    mutating func removeAll() { for place in entries.indices { entries[place] = Entry() } }
}
