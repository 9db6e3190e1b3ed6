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
    /// No program can add so much.
    case tooFar(index: Int)
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
        var found: KernelType.Member?
        forEachMember(of: record) { element, member in
            guard isName(element.name, name) else { return true }
            found = member(name)
            return false
        }
        guard let found else { throw .noMember(name, of: spelling(of: id), known: memberNames(of: id)) }
        return found
    }

    /// The names of all members that can be written after `.` or `->`.
    public func memberNames(of id: TypeID) -> [String] {
        guard let (_, record) = resolve(id), [.structure, .union].contains(record.kind) else { return [] }
        var names: [String] = []
        forEachMember(of: record) { element, _ in
            names.append(name(element.name))
            return true
        }
        return names
    }

    /// Visits the members in the order of the source, with those of anonymous structs and unions in their place, until
    /// `visit` returns false.
    private func forEachMember(
        of record: TypeRecord, _ visit: (TypeRecord.Element, (String) -> KernelType.Member) -> Bool
    ) {
        // The last one comes first.
        var waiting = elements(of: record).map { ($0, record, 0) }.reversed() as [(TypeRecord.Element, TypeRecord, Int)]
        // A struct that contains itself exists only in a damaged table; real ones have fewer members.
        var left = 1 << 16
        while let (element, outer, start) = waiting.popLast(), left > 0 {
            left -= 1
            let (offset, size) = outer.bits(element)
            let isAnonymous = withName(element.name) { $0.isEmpty } ?? true
            if isAnonymous, let (_, inner) = resolve(element.type), [.structure, .union].contains(inner.kind) {
                guard inner.count < left - waiting.count else { return }
                waiting += elements(of: inner).map { ($0, inner, start + offset) }.reversed()
                continue
            }
            let goesOn = visit(element) { name in
                KernelType.Member(name, element.type, bitOffset: start + offset, bitSize: size)
            }
            guard goesOn else { return }
        }
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
        // Offsets of BPF instructions have 32 bits.
        guard let offset = product(index, size), abs(offset) < 1 << 31 else { throw .tooFar(index: index) }
        access.offsets[access.offsets.count - 1] += offset
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
