import KernelTypes

/// Some types of a kernel, with the types that they contain. Pointed-to types are left out: CO-RE relocates each step
/// of an access separately and looks its type up by name.
struct TypeExtract {
    private let kernel: TypeTable
    /// Types of the kernel, in the order of their new numbers from 1 on.
    private var chosen: [TypeID] = []
    /// New numbers; void for types that are left out.
    private var renamed: [TypeID: TypeID] = [:]
    /// Hashes of the wanted names that the kernel has.
    private(set) var found: Set<UInt64> = []

    /// - Parameter names: hashes of the wanted names. A collision only adds a type, which does no harm.
    init(of names: Set<UInt64>, from kernel: TypeTable) {
        self.kernel = kernel
        for number in kernel.ids {
            let id = TypeID(number)
            guard let record = kernel.record(id), Self.isNamed(record.kind),
                let hash = kernel.withName(record.name, { $0.isEmpty ? nil : fnv1a($0) }) ?? nil,
                names.contains(hash)
            else { continue }
            found.insert(hash)
            choose(id)
        }
        var next = 0
        while next < chosen.count {
            chooseParts(of: chosen[next])
            next += 1
        }
    }

    /// The types as a BTF file.
    func bytes() -> [UInt8] {
        var builder = TypeBuilder()
        for id in chosen {
            guard let record = kernel.record(id) else { continue }
            // Pointers and prototypes keep nothing of what they refer to.
            let isOpaque = [.pointer, .prototype].contains(record.kind)
            _ = builder.copy(record, of: kernel) { isOpaque ? .void : renamed[$0] ?? .void }
        }
        return builder.bytes()
    }

    /// Kinds of types that programs can ask for by name.
    private static func isNamed(_ kind: TypeKind) -> Bool {
        switch kind {
        case .structure, .union, .enumeration, .enumeration64, .typedef, .integer: true
        default: false
        }
    }

    private mutating func choose(_ id: TypeID) {
        guard kernel.record(id) != nil, renamed[id] == nil else { return }
        chosen.append(id)
        renamed[id] = TypeID(UInt32(chosen.count))
    }

    private mutating func chooseParts(of id: TypeID) {
        guard let record = kernel.record(id) else { return }
        switch record.kind {
        case .structure, .union:
            for member in kernel.elements(of: record) { choose(member.type) }
        case .array:
            let array = kernel.array(record)
            choose(array.element)
            choose(array.index)
        case .typedef, .const, .volatile, .restrict, .typeTag: choose(record.target)
        default: break
        }
    }
}
