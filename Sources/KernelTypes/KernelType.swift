/// A type of C as a value. Types that it is made of are numbers in the same table, since kernel structs refer to each
/// other in circles.
public struct KernelType: Hashable, Sendable {
    public struct Integer: Hashable, Sendable {
        public var bits: Int
        public var isSigned: Bool
        public var isCharacter: Bool
        public var isBoolean: Bool
    }

    public struct Member: Hashable, Sendable {
        /// Empty for anonymous structs and unions, whose members count as the outer one's.
        public var name: String
        public var type: TypeID
        public var bitOffset: Int
        /// Of bit-fields.
        public var bitSize: Int?

        public init(_ name: String, _ type: TypeID, bitOffset: Int, bitSize: Int? = nil) {
            self.name = name
            self.type = type
            self.bitOffset = bitOffset
            self.bitSize = bitSize
        }
    }

    public struct Enumerator: Hashable, Sendable {
        public var name: String
        /// As an unsigned enum of 64 bits needs more than Int64, the bits; sign-extended if the enum is signed.
        public var bits: UInt64

        public init(_ name: String, bits: UInt64) {
            self.name = name
            self.bits = bits
        }
    }

    public enum Form: Hashable, Sendable {
        case void
        case integer(Integer)
        case floating
        case pointer(to: TypeID)
        case array(of: TypeID, count: Int)
        case structure([Member])
        case union([Member])
        case enumeration(isSigned: Bool, [Enumerator])
        /// A struct or union of which only the name is known.
        case incomplete(isUnion: Bool)
        case typedef(TypeID)
        /// const, volatile, restrict or a tag.
        case qualified(TypeKind, TypeID)
        case prototype(Prototype)
        /// A named function; its prototype.
        case function(TypeID)
        /// A variable or section, which programs do not compute with.
        case other
    }

    public let id: TypeID
    /// Empty for pointers, arrays, prototypes and anonymous types.
    public let name: String
    public let form: Form
}

/// The parameters and the return type of a function.
public struct Prototype: Hashable, Sendable {
    public struct Parameter: Hashable, Sendable {
        /// Empty if the declaration gave none.
        public var name: String
        public var type: TypeID
    }

    public var parameters: [Parameter]
    public var result: TypeID
    /// Ends with `...`.
    public var isVariadic: Bool
}

extension TypeTable {
    /// Void, and numbers that no type has, are `.void`.
    public func type(_ id: TypeID) -> KernelType {
        guard let record = record(id) else { return KernelType(id: .void, name: "", form: .void) }
        return KernelType(id: id, name: name(record.name), form: form(record))
    }

    /// The type without typedefs, qualifiers and tags.
    public func resolved(_ id: TypeID) -> KernelType { type(resolve(id)?.id ?? .void) }

    private func form(_ record: TypeRecord) -> KernelType.Form {
        switch record.kind {
        case .integer: .integer(integer(record))
        case .floating: .floating
        case .pointer: .pointer(to: record.target)
        case .array: .array(of: array(record).element, count: array(record).count)
        case .structure: .structure(members(record))
        case .union: .union(members(record))
        case .enumeration, .enumeration64: enumeration(record)
        case .forward: .incomplete(isUnion: record.flag)
        case .typedef: .typedef(record.target)
        case .volatile, .const, .restrict, .typeTag: .qualified(record.kind, record.target)
        case .prototype: .prototype(prototype(record))
        case .function: .function(record.target)
        case .variable, .section, .declarationTag: .other
        }
    }

    private func members(_ record: TypeRecord) -> [KernelType.Member] {
        elements(of: record).map { element in
            let bits = record.bits(element)
            return KernelType.Member(name(element.name), element.type, bitOffset: bits.offset, bitSize: bits.size)
        }
    }

    private func enumeration(_ record: TypeRecord) -> KernelType.Form {
        let isWide = record.kind == .enumeration64
        // Kernels before 6.0 have no flag for signed enums, so a negative value counts, too.
        let isSigned =
            record.flag
            || !isWide && elements(of: record).contains { Int32(bitPattern: $0.value) < 0 && record.size <= 4 }
        return .enumeration(
            isSigned: isSigned,
            elements(of: record).map { element in
                let bits: UInt64 =
                    isWide
                    ? UInt64(element.upperValue) << 32 | UInt64(element.value)
                    : isSigned ? UInt64(bitPattern: Int64(Int32(bitPattern: element.value))) : UInt64(element.value)
                return KernelType.Enumerator(name(element.name), bits: bits)
            })
    }

    private func prototype(_ record: TypeRecord) -> Prototype {
        var parameters = elements(of: record).map { Prototype.Parameter(name: name($0.name), type: $0.type) }
        // Documentation/bpf/btf.rst: a last parameter without name and type stands for "...".
        let isVariadic = parameters.last.map { $0.name.isEmpty && $0.type == .void } ?? false
        if isVariadic { parameters.removeLast() }
        return Prototype(parameters: parameters, result: record.target, isVariadic: isVariadic)
    }

    /// The prototype of a function or of a pointer to one. Returns nil for other types.
    public func prototype(of id: TypeID) -> Prototype? {
        guard let (_, record) = resolve(id) else { return nil }
        switch record.kind {
        case .prototype: return prototype(record)
        case .function, .pointer:
            guard let (_, target) = resolve(record.target), target.kind == .prototype else { return nil }
            return prototype(target)
        default: return nil
        }
    }

    /// Bytes. Returns nil for types without a size: void, functions, structs of which only the name is known.
    public func size(of id: TypeID) -> Int? { size(of: id, depth: 0) }

    private func size(of id: TypeID, depth: Int) -> Int? {
        // Only a damaged table nests arrays so deep.
        guard depth < 16, let (_, record) = resolve(id) else { return nil }
        switch record.kind {
        case .integer, .floating, .structure, .union, .enumeration, .enumeration64: return record.size
        case .pointer: return 8
        case .array:
            let (element, _, count) = array(record)
            return size(of: element, depth: depth + 1).flatMap { product($0, count) }
        default: return nil
        }
    }
}
