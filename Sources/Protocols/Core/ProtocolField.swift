/// One field of a header: its name, its place and the notation of its values. Decoders, texts, JSON, filters and the
/// conditions of netfilter rules share it.
public struct ProtocolField: Sendable {
    /// The bits of a field, counted from the start of its header.
    public struct Bits: Equatable, Sendable {
        public let start: Int
        /// At most 128.
        public let count: Int

        public init(_ start: Int, _ count: Int) {
            self.start = start
            self.count = count
        }
    }

    public enum Place: Sendable {
        /// The same place in every header, which a program in the kernel can load.
        case fixed(Bits)
        /// Found by reading other parts of the header.
        case computed(@Sendable (borrowing HeaderBytes) -> FieldReading)
        /// Several values, those of the entries of a list.
        case repeated(@Sendable (borrowing HeaderBytes, inout FieldValues) -> Void)
    }

    /// Another field decides whether the header has this one: its bits have one of these values.
    public struct Condition: Equatable, Sendable {
        public let bits: Bits
        public let values: [UInt64]
    }

    /// The notation of a value.
    public enum Notation: Sendable {
        case decimal
        case hexadecimal
        /// A bit that is true or false.
        case flag
        /// A number whose bits have names, lowest first.
        case flags([StaticString])
        case ipv4, ipv6, ethernet
        /// Bytes without further meaning, as hexadecimal digits.
        case bytes
        /// Bytes that are text.
        case text
        /// The labels of a domain name (RFC 1035, section 3.1).
        case domainName
        /// Bytes that a function of the protocol writes as text, escaped: object identifiers, fingerprints, prefixes.
        case derived(@Sendable (Range<Int>, borrowing HeaderBytes, inout TextLine) -> Void)
    }

    /// The level of detail from which on a view shows the field.
    public enum Detail: Int, Comparable, Sendable {
        case brief, more, most, all

        public static func < (one: Detail, other: Detail) -> Bool { one.rawValue < other.rawValue }
    }

    /// The complete name: "tcp.flags.syn".
    public let name: String
    public let place: Place
    public let notation: Notation
    public let detail: Detail
    public let condition: Condition?
    /// The names of values, for example of the types of ICMP.
    public let names: ValueNames?
    /// A bit of another field, whose notation shows it: texts leave it out.
    public let isPart: Bool

    /// A field of `count` bits that begin `bit` bits after the start of the header.
    public init(
        _ name: String, bit: Int, _ count: Int, _ notation: Notation = .decimal, _ detail: Detail = .brief,
        when condition: Condition? = nil, names: ValueNames? = nil, isPart: Bool = false
    ) {
        self.name = name
        place = .fixed(Bits(bit, count))
        self.notation = notation
        self.detail = detail
        self.condition = condition
        self.names = names
        self.isPart = isPart
    }

    /// One bit of a field that shows all of its bits.
    static func part(_ name: String, bit: Int) -> ProtocolField {
        ProtocolField(name, bit: bit, 1, .flag, .all, isPart: true)
    }

    public init(
        _ name: String, _ notation: Notation = .decimal, _ detail: Detail = .brief, when condition: Condition? = nil,
        names: ValueNames? = nil, computed: @escaping @Sendable (borrowing HeaderBytes) -> FieldReading
    ) {
        self.init(name, .computed(computed), notation, detail, condition, names)
    }

    /// - Parameter repeated: appends the value of each entry.
    init(
        _ name: String, _ notation: Notation = .decimal, _ detail: Detail = .more, when condition: Condition? = nil,
        names: ValueNames? = nil, repeated: @escaping @Sendable (borrowing HeaderBytes, inout FieldValues) -> Void
    ) {
        self.init(name, .repeated(repeated), notation, detail, condition, names)
    }

    private init(
        _ name: String, _ place: Place, _ notation: Notation, _ detail: Detail, _ condition: Condition?,
        _ names: ValueNames?
    ) {
        self.name = name
        self.place = place
        self.notation = notation
        self.detail = detail
        self.condition = condition
        self.names = names
        isPart = false
    }

    /// Whether a header may have several values of it.
    public var isRepeated: Bool {
        if case .repeated = place { true } else { false }
    }

    /// Whether its values are runs of bytes instead of numbers.
    public var isRun: Bool {
        switch notation {
        case .bytes, .text, .domainName, .derived: true
        case .decimal, .hexadecimal, .flag, .flags, .ipv4, .ipv6, .ethernet: false
        }
    }

    /// The bits of a field that always has the same place; nil for others.
    public var fixedBits: Bits? {
        if case .fixed(let bits) = place { bits } else { nil }
    }

    /// The value in a header; of several, the first one.
    public func read(_ header: borrowing HeaderBytes) -> FieldReading {
        if let condition {
            guard let value = header.bits(condition.bits) else { return .truncated }
            guard condition.values.contains(UInt64(truncatingIfNeeded: value)) else { return .absent }
        }
        switch place {
        case .fixed(let bits): return header.read(bits)
        case .computed(let compute): return compute(header)
        case .repeated(let list):
            var values = FieldValues(limit: 1)
            list(header, &values)
            return values.first
        }
    }

    /// All values in a header. The last reading is `.truncated` or `.malformed` if the list goes on but cannot be read.
    public func readAll(_ header: borrowing HeaderBytes) -> [FieldReading] {
        let first = read(header)
        guard case .repeated(let list) = place, first != .absent else { return [first] }
        var values = FieldValues(limit: FieldValues.limit)
        list(header, &values)
        return values.all
    }
}

extension ProtocolField.Condition {
    /// The `count` bits from `bit` on have one of these values.
    public static func bits(_ bit: Int, _ count: Int, are values: [UInt64]) -> Self {
        Self(bits: ProtocolField.Bits(bit, count), values: values)
    }
}

/// The result of reading a field.
public enum FieldReading: Equatable, Sendable {
    /// A number or an address, the first byte of the wire highest.
    case number(UInt128)
    /// A run of bytes, as offsets from the start of the header.
    case bytes(Range<Int>)
    /// The header does not have the field.
    case absent
    /// The bytes end before the field does, or before its place is known.
    case truncated
    /// Other parts of the header contradict themselves, so that the field's place cannot be known.
    case malformed

    /// The number; nil for all other readings.
    public var number: UInt128? {
        if case .number(let value) = self { value } else { nil }
    }
}

/// Names of a field's values.
public struct ValueNames: Sendable, ExpressibleByDictionaryLiteral {
    private let find: @Sendable (UInt64) -> StaticString?

    public init(_ find: @escaping @Sendable (UInt64) -> StaticString?) {
        self.find = find
    }

    /// `[1: "request", 2: "reply"]`
    public init(dictionaryLiteral elements: (UInt64, StaticString)...) {
        let names = Dictionary(elements) { $1 }
        find = { names[$0] }
    }

    public subscript(_ value: UInt64) -> StaticString? { find(value) }

    static let etherTypes = ValueNames { EtherType.name(UInt16(truncatingIfNeeded: $0)) }
    static let ipProtocols = ValueNames { IPProtocol.name(UInt8(truncatingIfNeeded: $0)) }
}
