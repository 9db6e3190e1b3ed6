/// A list of entries that have a type, a length and contents, as most protocols have their options.
struct EntryList: Sendable {
    /// The form of an entry.
    struct Form: Sendable {
        /// Bits of the type and of the length, together whole bytes.
        var typeBits = 8
        var lengthBits = 8
        /// Bytes that one of the length stands for.
        var unit = 1
        /// Whether the length counts the type and the length as well.
        var countsHead = false
        /// A type without length and contents, and the type after which no entry follows.
        var padding: UInt64?
        var end: UInt64?
        /// The entries begin at multiples of this, counted from the start of the list.
        var alignment = 1
    }

    let form: Form
    /// The bytes of the list in a header; nil if it has none, or if it is not known since bytes were not captured.
    let range: @Sendable (borrowing HeaderBytes) -> Range<Int>?

    init(_ form: Form, _ range: @escaping @Sendable (borrowing HeaderBytes) -> Range<Int>?) {
        self.form = form
        self.range = range
    }

    /// More entries than this are not read.
    private static let limit = 512

    /// Visits the entries until `body` returns false. Returns `.absent` then and at the end of the list, and otherwise
    /// why the list cannot be read on.
    func walk(_ header: borrowing HeaderBytes, _ body: (UInt64, Range<Int>) -> Bool) -> FieldReading {
        guard let range = range(header) else { return header.capturedCount < header.length ? .truncated : .absent }
        let head = (form.typeBits + form.lengthBits) / 8
        let end = min(range.upperBound, header.length)
        var offset = range.lowerBound
        for _ in 0..<Self.limit where offset < end {
            if form.padding != nil || form.end != nil {
                let bits = ProtocolField.Bits(offset * 8, form.typeBits)
                guard let type = header.bits(bits).map({ UInt64(truncatingIfNeeded: $0) }) else { return .truncated }
                if type == form.end { return .absent }
                if type == form.padding {
                    offset += form.typeBits / 8
                    continue
                }
            }
            guard offset + head <= end else { return .malformed }
            guard let word = header.number(offset, head) else { return .truncated }
            let length = Int(truncatingIfNeeded: word & (1 << UInt64(form.lengthBits) - 1)) * form.unit
            let size = form.countsHead ? length : head + length
            guard size >= head, size > 0, offset + size <= end else { return .malformed }
            guard body(word >> UInt64(form.lengthBits), offset + head..<offset + size) else { return .absent }
            offset += (size + form.alignment - 1) / form.alignment * form.alignment
        }
        return .absent
    }
}

extension ProtocolField {
    /// A part of the contents of the entries of a type.
    ///
    /// - Parameters:
    ///   - offset: bytes from the start of the contents.
    ///   - size: bytes of a number; nil for the rest of the contents as a run of bytes.
    ///   - step: bytes from one number to the next one in the same entry; nil for one number.
    ///   - isList: whether a list has several entries of the type.
    static func entry(
        _ name: String, _ type: UInt64, of list: EntryList, _ notation: Notation = .decimal, _ detail: Detail = .more,
        at offset: Int = 0, size: Int? = nil, every step: Int? = nil, isList: Bool = false, names: ValueNames? = nil
    ) -> ProtocolField {
        let read: @Sendable (borrowing HeaderBytes, inout FieldValues) -> Void = { header, values in
            let end = list.walk(header) { found, contents in
                guard found == type else { return true }
                let start = contents.lowerBound + offset
                guard let size else {
                    return values.append(
                        start <= contents.upperBound ? header.run(start..<contents.upperBound) : .malformed)
                }
                guard let step else {
                    return values.append(
                        start + size <= contents.upperBound ? header.read(at: start, count: size) : .malformed)
                }
                for place in stride(from: start, through: contents.upperBound - size, by: step) {
                    guard values.append(header.read(at: place, count: size)) else { return false }
                }
                return true
            }
            values.append(end)
        }
        if isList || step != nil { return ProtocolField(name, notation, detail, names: names, repeated: read) }
        return first(name, notation, detail, names: names, read)
    }

    /// The first of the values that a function appends.
    static func first(
        _ name: String, _ notation: Notation, _ detail: Detail, when condition: Condition? = nil,
        names: ValueNames? = nil, _ read: @escaping @Sendable (borrowing HeaderBytes, inout FieldValues) -> Void
    ) -> ProtocolField {
        ProtocolField(name, notation, detail, when: condition, names: names) { header in
            var values = FieldValues(limit: 1)
            read(header, &values)
            return values.first
        }
    }

    /// The types of all entries.
    static func types(
        _ name: String, of list: EntryList, _ detail: Detail = .more, names: ValueNames? = nil
    ) -> ProtocolField {
        ProtocolField(name, .decimal, detail, names: names) { header, values in
            let end = list.walk(header) { type, _ in values.append(.number(UInt128(type))) }
            values.append(end)
        }
    }

    /// A number whose lowest byte comes first.
    ///
    /// - Parameters:
    ///   - offset: bytes from the start of the header.
    ///   - count: bytes of the number, at most 8.
    static func little(
        _ name: String, at offset: Int, _ count: Int, _ notation: Notation = .decimal, _ detail: Detail = .brief,
        when condition: Condition? = nil, names: ValueNames? = nil
    ) -> ProtocolField {
        ProtocolField(name, notation, detail, when: condition, names: names) { header in
            header.little(offset, count).map { .number(UInt128($0)) } ?? header.ending
        }
    }

    /// Bytes at a place that does not vary.
    static func bytes(
        _ name: String, at offset: Int, _ count: Int, _ notation: Notation = .bytes, _ detail: Detail = .more,
        when condition: Condition? = nil
    ) -> ProtocolField {
        ProtocolField(name, notation, detail, when: condition) { $0.run(offset..<offset + count) }
    }
}
