/// The types of a kernel or module: BTF (Documentation/bpf/btf.rst), read where it lies.
///
/// Opening it finds where each type begins, nothing more; types become values one by one when they are asked for. A
/// module's table continues the numbers of vmlinux's.
public final class TypeTable: Sendable {
    public enum Damage: Error, Equatable {
        case notBTF
        /// It ends too early.
        case cut
        /// A kind of type of unknown length, which hides where the next one begins.
        case unknownKind(UInt32)
    }

    public let base: TypeTable?
    /// Number of the table's first type.
    public let first: UInt32
    /// Number after the last type's.
    public let end: UInt32
    private let bytes: [UInt8]
    /// Where the types begin, from `first` on.
    private let places: [UInt32]
    private let strings: Range<Int>
    /// Offset of the table's first string: a module's strings continue those of vmlinux.
    private let firstString: UInt32

    /// BTF of this machine's byte order.
    public init(_ bytes: [UInt8], base: TypeTable? = nil) throws(Damage) {
        let header = try Header(bytes)
        self.bytes = bytes
        self.base = base
        first = base?.end ?? 1
        firstString = base?.endOfStrings ?? 0
        strings = header.strings
        places = try Self.places(of: header.types, in: bytes)
        end = first + UInt32(places.count)
    }

    /// Offset after the last string.
    var endOfStrings: UInt32 { firstString + UInt32(strings.count) }

    /// The numbers of the table's own types.
    public var ids: Range<UInt32> { first..<end }

    private static func places(of types: Range<Int>, in bytes: [UInt8]) throws(Damage) -> [UInt32] {
        var places: [UInt32] = []
        places.reserveCapacity(types.count / 24)
        var unknown: UInt32?
        let last = bytes.withUnsafeBytes { memory in
            var place = types.lowerBound
            while place + 12 <= types.upperBound {
                let info = memory.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)
                guard let kind = TypeKind(rawValue: info >> 24 & 0x1f) else {
                    unknown = info >> 24 & 0x1f
                    return place
                }
                places.append(UInt32(place))
                let trailer = kind.trailer
                place += 12 + trailer.fixed + trailer.each * Int(info & 0xffff)
            }
            return place
        }
        if let unknown { throw .unknownKind(unknown) }
        guard last == types.upperBound else { throw .cut }
        return places
    }

    // MARK: Records

    /// Returns nil for void and for numbers that no type has.
    public func record(_ id: TypeID) -> TypeRecord? {
        guard id.number >= first else { return base?.record(id) }
        guard id.number < end else { return nil }
        let place = Int(places[Int(id.number - first)])
        return bytes.withUnsafeBytes { memory in
            let info = memory.loadUnaligned(fromByteOffset: place + 4, as: UInt32.self)
            return TypeRecord(
                name: NameOffset(memory.loadUnaligned(fromByteOffset: place, as: UInt32.self)), info: info,
                sizeOrType: memory.loadUnaligned(fromByteOffset: place + 8, as: UInt32.self), place: place + 12,
                owner: first)
        }
    }

    /// The first of this table's own types that has this kind and one of these names.
    func first(_ kind: TypeKind, named names: [NameOffset]) -> TypeID? {
        let found = bytes.withUnsafeBytes { memory in
            places.firstIndex { place in
                let info = memory.loadUnaligned(fromByteOffset: Int(place) + 4, as: UInt32.self)
                guard info >> 24 & 0x1f == kind.rawValue else { return false }
                let name = memory.loadUnaligned(fromByteOffset: Int(place), as: UInt32.self)
                return names.contains { $0.number == name }
            }
        }
        return found.map { TypeID(first + UInt32($0)) }
    }

    /// Follows typedefs, qualifiers and tags. Returns nil for void.
    public func resolve(_ id: TypeID) -> (id: TypeID, record: TypeRecord)? {
        var id = id
        // BTF allows no cycle without a pointer in between; the bound stops at a damaged file.
        for _ in 0..<64 {
            guard let record = record(id) else { return nil }
            guard record.kind.isTransparent else { return (id, record) }
            id = record.target
        }
        return nil
    }

    /// A word of this table, or of the base whose first type is `owner`.
    func word(_ place: Int, of owner: UInt32) -> UInt32 {
        if owner != first, let base { return base.word(place, of: owner) }
        return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: UInt32.self) }
    }

    // MARK: Names

    /// Calls `body` with the bytes of a name, without its NUL; empty for types without a name. Nil if there is no such
    /// string.
    public func withName<Result>(_ name: NameOffset, _ body: (UnsafeRawBufferPointer) -> Result) -> Result? {
        guard name.number >= firstString else { return base?.withName(name, body) }
        let start = strings.lowerBound + Int(name.number - firstString)
        guard start < strings.upperBound else { return nil }
        return bytes.withUnsafeBytes { memory in
            let rest = UnsafeRawBufferPointer(rebasing: memory[start..<strings.upperBound])
            guard let length = nulIndex(rest) else { return nil }
            return body(UnsafeRawBufferPointer(rebasing: rest[..<length]))
        }
    }

    /// Where the base and this table have the name: types are then compared by a number instead of a text.
    func offsets(of name: String) -> [NameOffset] {
        var name = name
        let inBase = base?.offsets(of: name) ?? []
        return inBase
            + name.withUTF8 { name in
                bytes.withUnsafeBytes { memory in
                    let all = UnsafeRawBufferPointer(rebasing: memory[strings])
                    return occurrences(of: UnsafeRawBufferPointer(name), in: all).map {
                        NameOffset(firstString + UInt32($0))
                    }
                }
            }
    }

    public func name(_ name: NameOffset) -> String {
        withName(name) { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Compares without making a String, since most names of a kernel do not match.
    public func isName(_ name: NameOffset, _ wanted: StaticString) -> Bool {
        withName(name) { bytes in wanted.withUTF8Buffer { areEqual(bytes, UnsafeRawBufferPointer($0)) } } ?? false
    }

    public func isName(_ name: NameOffset, _ wanted: String) -> Bool {
        var wanted = wanted
        return wanted.withUTF8 { wanted in
            withName(name) { areEqual($0, UnsafeRawBufferPointer(wanted)) } ?? false
        }
    }
}

/// `struct btf_header` of include/uapi/linux/btf.h.
private struct Header {
    let types: Range<Int>
    let strings: Range<Int>

    init(_ bytes: [UInt8]) throws(TypeTable.Damage) {
        guard bytes.count >= 24 else { throw .notBTF }
        let words = bytes.withUnsafeBytes { memory in
            (0..<6).map { Int(memory.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)) }
        }
        guard words[0] & 0xffff == 0xeb9f else { throw .notBTF }
        let start = words[1]
        types = start + words[2]..<start + words[2] + words[3]
        strings = start + words[4]..<start + words[4] + words[5]
        guard types.upperBound <= bytes.count, strings.upperBound <= bytes.count else { throw .cut }
    }
}
