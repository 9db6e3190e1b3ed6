import CLibBPF
import Glibc

/// Some types of a kernel, with the types that they contain. Pointed-to types are left out: CO-RE relocates each step
/// of an access separately and looks its type up by name.
struct TypeExtract {
    /// Ids in the kernel, in the order of their new ids from 1 on.
    private var chosen: [UInt32] = []
    /// New ids by kernel id; 0, void, for types that are left out.
    private var renamed: [UInt32: UInt32] = [:]
    /// Hashes of the wanted names that the kernel has.
    private(set) var found: Set<UInt64> = []

    /// - Parameter names: hashes of the wanted names. A collision only adds a type, which does no harm.
    init(of names: Set<UInt64>, from kernel: borrowing TypeInformation) {
        for id in 1..<kernel.count {
            guard let type = kernel.type(id), Self.isNamed(kernel.kind(type)),
                let name = kernel.name(type.pointee.name_off), name.pointee != 0,
                case let hash = Self.hash(name, upTo: .max), names.contains(hash)
            else { continue }
            found.insert(hash)
            choose(id)
        }
        var next = 0
        while next < chosen.count {
            chooseParts(of: chosen[next], in: kernel)
            next += 1
        }
    }

    /// Hash of a C string, or of its first `length` bytes.
    static func hash(_ name: UnsafePointer<CChar>, upTo length: Int) -> UInt64 {
        fnv1a(UnsafeRawBufferPointer(start: name, count: strnlen(name, length)))
    }

    /// The types as a BTF file; nil if memory is short or types are damaged.
    func bytes(_ kernel: borrowing TypeInformation) -> [UInt8]? {
        guard let extract = btf__new_empty() else { return nil }
        defer { btf__free(extract) }
        for id in chosen {
            guard let type = kernel.type(id), Self.hasAllNames(type, in: kernel),
                case let copy = btf__add_type(extract, kernel.btf, type), copy > 0,
                let added = btf__type_by_id(extract, UInt32(copy))
            else { return nil }
            rename(UnsafeMutablePointer(mutating: added), kernel.kind(type), kernel.memberCount(type))
        }
        var size: UInt32 = 0
        guard let data = btf__raw_data(extract, &size) else { return nil }
        return Array(UnsafeRawBufferPointer(start: data, count: Int(size)))
    }

    /// libbpf copies names without checking that they exist.
    private static func hasAllNames(_ type: UnsafePointer<btf_type>, in kernel: borrowing TypeInformation) -> Bool {
        guard kernel.name(type.pointee.name_off) != nil else { return false }
        return switch kernel.kind(type) {
        case .structure, .union:
            kernel.trailing(type, as: btf_member.self).allSatisfy { kernel.name($0.name_off) != nil }
        case .enumeration: kernel.trailing(type, as: btf_enum.self).allSatisfy { kernel.name($0.name_off) != nil }
        case .enumeration64: kernel.trailing(type, as: btf_enum64.self).allSatisfy { kernel.name($0.name_off) != nil }
        case .prototype: kernel.trailing(type, as: btf_param.self).allSatisfy { kernel.name($0.name_off) != nil }
        default: true
        }
    }

    /// Kinds of types that programs can ask for by name.
    private static func isNamed(_ kind: BTFKind?) -> Bool {
        switch kind {
        case .structure, .union, .enumeration, .enumeration64, .typedef, .integer: true
        default: false
        }
    }

    private mutating func choose(_ id: UInt32) {
        guard id != 0, renamed[id] == nil else { return }
        chosen.append(id)
        renamed[id] = UInt32(chosen.count)
    }

    private mutating func chooseParts(of id: UInt32, in kernel: borrowing TypeInformation) {
        guard let type = kernel.type(id) else { return }
        switch kernel.kind(type) {
        case .structure, .union:
            for member in kernel.trailing(type, as: btf_member.self) { choose(member.type) }
        case .array:
            let array = UnsafeRawPointer(type + 1).assumingMemoryBound(to: btf_array.self).pointee
            choose(array.type)
            choose(array.index_type)
        case .typedef, .const, .volatile, .restrict, .typeTag: choose(type.pointee.type)
        default: break
        }
    }

    /// Replaces the kernel's ids in a copied type by the new ones.
    private func rename(_ type: UnsafeMutablePointer<btf_type>, _ kind: BTFKind?, _ count: Int) {
        let rest = UnsafeMutableRawPointer(type + 1)
        switch kind {
        case .structure, .union:
            let members = rest.assumingMemoryBound(to: btf_member.self)
            for index in 0..<count { members[index].type = renamed[members[index].type] ?? 0 }
        case .array:
            let array = rest.assumingMemoryBound(to: btf_array.self)
            array.pointee.type = renamed[array.pointee.type] ?? 0
            array.pointee.index_type = renamed[array.pointee.index_type] ?? 0
        case .pointer: type.pointee.type = 0
        case .prototype:
            type.pointee.type = 0
            let parameters = rest.assumingMemoryBound(to: btf_param.self)
            for index in 0..<count { parameters[index].type = 0 }
        case .typedef, .const, .volatile, .restrict, .typeTag:
            type.pointee.type = renamed[type.pointee.type] ?? 0
        default: break
        }
    }
}
