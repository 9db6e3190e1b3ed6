/// Why a member cannot be reached.
public enum MemberError: Error, Equatable {
    /// `known`: the members that there are, for a proposal of similar names.
    case noMember(String, of: String, known: [String])
    /// A member of something that is no struct or union: its spelling.
    case notAStruct(member: String, of: String)
    /// `->` after something that is no pointer, or an index of something that is no array or pointer.
    case notAPointer(String)
    /// `.` after a pointer.
    case isPointer(String)
    case malformed(String)
}

/// The place of a member, seen from the address of a struct: what a program adds, and where it follows a pointer.
public struct MemberAccess: Hashable, Sendable {
    /// All but the last lead to a pointer, which is loaded before the next one is added.
    public var offsets: [Int]
    public var type: TypeID
    /// Of a bit-field: its first bit, counted from the byte at the last offset, and its number of bits.
    public var bitField: BitField?

    public struct BitField: Hashable, Sendable {
        public var first: Int
        public var count: Int

        public init(first: Int, count: Int) {
            self.first = first
            self.count = count
        }
    }
}

extension TypeTable {
    /// A member of a struct or union, those of anonymous structs and unions within it included; its offset counts from
    /// the outer one. The type may be a typedef or qualified.
    public func member(_ name: String, of id: TypeID) throws(MemberError) -> KernelType.Member {
        guard let (_, record) = resolve(id), [.structure, .union].contains(record.kind) else {
            throw .notAStruct(member: name, of: spelling(of: id))
        }
        if let found = member(named: name, in: record, at: 0, depth: 0) { return found }
        throw .noMember(name, of: spelling(of: id), known: memberNames(of: id))
    }

    /// The names of all members that can be written after `.` or `->`.
    public func memberNames(of id: TypeID) -> [String] {
        guard let (_, record) = resolve(id), [.structure, .union].contains(record.kind) else { return [] }
        return names(in: record, depth: 0)
    }

    private func names(in record: TypeRecord, depth: Int) -> [String] {
        guard depth < Self.deepest else { return [] }
        return elements(of: record).flatMap { element -> [String] in
            let name = self.name(element.name)
            guard name.isEmpty, let inner = anonymous(element) else { return [name] }
            return names(in: inner, depth: depth + 1)
        }
    }

    private static let deepest = 32

    private func anonymous(_ element: TypeRecord.Element) -> TypeRecord? {
        guard let (_, record) = resolve(element.type), [.structure, .union].contains(record.kind) else { return nil }
        return record
    }

    private func member(named name: String, in record: TypeRecord, at start: Int, depth: Int) -> KernelType.Member? {
        guard depth < Self.deepest else { return nil }
        for element in elements(of: record) {
            let (offset, size) = record.bits(element)
            let found = self.name(element.name)
            if found == name {
                return KernelType.Member(name, element.type, bitOffset: start + offset, bitSize: size)
            }
            if found.isEmpty, let inner = anonymous(element),
                let member = member(named: name, in: inner, at: start + offset, depth: depth + 1)
            {
                return member
            }
        }
        return nil
    }

    /// Follows a path such as `dev->ifindex` or `__sk_common.skc_addrpair` or `cb[3]` from a struct.
    public func access(_ path: String, in id: TypeID) throws(MemberError) -> MemberAccess {
        var access = MemberAccess(offsets: [0], type: id)
        var follows = false
        for step in try Self.steps(of: path) {
            if access.bitField != nil { throw .notAStruct(member: step.text, of: spelling(of: access.type)) }
            switch step {
            case .member(let name, let arrow):
                // The first name belongs to the struct itself.
                if follows { try follow(&access, isArrow: arrow, before: name) }
                let member = try member(name, of: access.type)
                access.type = member.type
                if let size = member.bitSize {
                    access.offsets[access.offsets.count - 1] += member.bitOffset / 8
                    access.bitField = .init(first: member.bitOffset % 8, count: size)
                } else {
                    access.offsets[access.offsets.count - 1] += member.bitOffset / 8
                }
            case .index(let index):
                try enter(&access, index)
            }
            follows = true
        }
        return access
    }

    private func follow(_ access: inout MemberAccess, isArrow: Bool, before name: String) throws(MemberError) {
        guard let (_, record) = resolve(access.type) else { throw .notAStruct(member: name, of: "void") }
        switch (record.kind, isArrow) {
        case (.pointer, true):
            access.type = record.target
            access.offsets.append(0)
        case (.pointer, false): throw .isPointer(spelling(of: access.type))
        case (_, true): throw .notAPointer(spelling(of: access.type))
        default: break
        }
    }

    private func enter(_ access: inout MemberAccess, _ index: Int) throws(MemberError) {
        guard let (_, record) = resolve(access.type) else { throw .notAPointer("void") }
        let element = record.kind == .array ? array(record).element : record.target
        guard [.array, .pointer].contains(record.kind), let size = size(of: element) else {
            throw .notAPointer(spelling(of: access.type))
        }
        if record.kind == .pointer { access.offsets.append(0) }
        access.offsets[access.offsets.count - 1] += index * size
        access.type = element
    }

    private enum Step {
        case member(String, isArrow: Bool)
        case index(Int)

        var text: String {
            switch self {
            case .member(let name, _): name
            case .index(let index): "[\(index)]"
            }
        }
    }

    private static func steps(of path: String) throws(MemberError) -> [Step] {
        var steps: [Step] = []
        var rest = Substring(path)
        while !rest.isEmpty {
            if rest.first == "[" {
                let digits = rest.dropFirst().prefix { $0 != "]" }
                guard !steps.isEmpty, let index = Int(digits), rest.dropFirst(digits.count + 1).first == "]" else {
                    throw .malformed(path)
                }
                steps.append(.index(index))
                rest = rest.dropFirst(digits.count + 2)
                continue
            }
            let isArrow = rest.hasPrefix("->")
            if !steps.isEmpty {
                guard isArrow || rest.first == "." else { throw .malformed(path) }
                rest = rest.dropFirst(isArrow ? 2 : 1)
            }
            let name = rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
            guard let first = name.first, !first.isNumber else { throw .malformed(path) }
            steps.append(.member(String(name), isArrow: isArrow))
            rest = rest.dropFirst(name.count)
        }
        guard !steps.isEmpty else { throw .malformed(path) }
        return steps
    }
}
