/// The return type of one hook's function.
public struct RecordedReturn: Sendable, Equatable {
    /// Kinds of types, by their numbers in the file.
    public enum Kind: UInt32, Sendable {
        /// Also used for kinds that later versions define.
        case unknown
        case void, boolean, unsigned, signed, pointer, enumeration
    }

    public var kind: Kind
    /// For numbers: width of the value in bits; the register's other bits do not belong to it.
    public var bits: UInt32
    /// For pointers: name of the struct, or empty.
    public var structure: String
    /// Index into `RecordingHeader.enumerations`.
    public var enumeration: UInt32?
    /// The meaning of the number, in the caller's vocabulary; empty if not known.
    public var meaning: String

    public init(
        kind: Kind, bits: UInt32 = 0, structure: String = "", enumeration: UInt32? = nil, meaning: String = ""
    ) {
        self.kind = kind
        self.bits = bits
        self.structure = structure
        self.enumeration = enumeration
        self.meaning = meaning
    }
}

/// An enum of the recording kernel.
public struct RecordedEnumeration: Sendable, Equatable {
    public var name: String
    public var bits: UInt32
    public var isSigned: Bool
    /// Names by value, cut to `bits`. Names beyond half a MiB are left out.
    public var names: [UInt64: String]

    public init(name: String, bits: UInt32, isSigned: Bool, names: [UInt64: String]) {
        self.name = name
        self.bits = bits
        self.isSigned = isSigned
        self.names = names
    }
}

extension RecordedReturn {
    private static let noEnumeration = UInt32.max

    /// Appends one entry of a returns block.
    func append(of hook: UInt32, to payload: inout [UInt8]) {
        payload.append(field: hook)
        payload.append(field: kind.rawValue)
        payload.append(field: bits)
        payload.append(field: enumeration ?? Self.noEnumeration)
        payload.append(field: structure)
        payload.append(field: meaning)
    }

    /// Reads one entry; nil if it is incomplete.
    static func next(in fields: inout FieldReader) -> (hook: UInt32, RecordedReturn)? {
        guard let hook = fields.next(UInt32.self), let kind = fields.next(UInt32.self),
            let bits = fields.next(UInt32.self), let enumeration = fields.next(UInt32.self),
            let structure = fields.nextText(), let meaning = fields.nextText()
        else { return nil }
        let found = RecordedReturn(
            kind: Kind(rawValue: kind) ?? .unknown, bits: bits, structure: structure,
            enumeration: enumeration == noEnumeration ? nil : enumeration, meaning: meaning)
        return (hook, found)
    }
}

extension RecordedEnumeration {
    /// Appends one entry of an enumerations block.
    func append(to payload: inout [UInt8]) {
        payload.append(field: bits)
        payload.append(field: UInt32(isSigned ? 1 : 0))
        payload.append(field: name)
        let countOffset = payload.count
        var count: UInt32 = 0
        payload.append(field: count)
        for (value, name) in names.sorted(by: { $0.key < $1.key }) {
            guard payload.count - countOffset < BlockFormat.maximumPayload / 2 else { break }
            payload.append(field: value)
            payload.append(field: name)
            count += 1
        }
        payload.replaceField(at: countOffset, count)
    }

    /// Reads one entry; nil if it is incomplete.
    static func next(in fields: inout FieldReader) -> RecordedEnumeration? {
        guard let bits = fields.next(UInt32.self), let isSigned = fields.next(UInt32.self),
            let name = fields.nextText(), let count = fields.next(UInt32.self)
        else { return nil }
        var found = RecordedEnumeration(name: name, bits: bits, isSigned: isSigned != 0, names: [:])
        for _ in 0..<count {
            guard let value = fields.next(UInt64.self), let name = fields.nextText() else { return nil }
            found.names[value] = name
        }
        return found
    }
}
