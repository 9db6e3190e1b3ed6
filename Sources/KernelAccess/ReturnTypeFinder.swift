import AttachPlanning
import CLibBPF

/// Finds the type of the return value in function prototypes. Each enum becomes one object, even if many functions
/// return it.
struct ReturnTypeFinder {
    /// By the type id in the prototype: there are few ids for thousands of functions.
    private var known: [UInt32: ReturnType] = [:]
    /// By the enum's own id: several typedefs may lead to one enum.
    private var enumerations: [UInt32: Enumeration] = [:]

    mutating func type(
        returnedBy prototype: UnsafePointer<btf_type>, in types: borrowing TypeInformation
    ) -> ReturnType {
        let id = prototype.pointee.type
        if let type = known[id] { return type }
        let type = self.type(id, in: types)
        known[id] = type
        return type
    }

    /// Forgets ids above vmlinux's, which stand for other types in each module.
    mutating func forget(from id: UInt32) {
        known = known.filter { $0.key < id }
        enumerations = enumerations.filter { $0.key < id }
    }

    private mutating func type(_ id: UInt32, in types: borrowing TypeInformation) -> ReturnType {
        guard id != 0 else { return .void }
        guard let (id, type) = types.resolve(id) else { return .unknown }
        switch types.kind(type) {
        case .integer: return Self.integer(type, in: types)
        case .pointer: return .pointer(to: Self.structure(type.pointee.type, in: types))
        case .enumeration, .enumeration64:
            let enumeration = enumerations[id] ?? Self.enumeration(type, in: types)
            enumerations[id] = enumeration
            return .enumeration(enumeration)
        default: return .unknown
        }
    }

    /// include/uapi/linux/btf.h: a u32 after the type holds encoding (bits 24 to 27) and width (bits 0 to 7).
    private static func integer(_ type: UnsafePointer<btf_type>, in types: borrowing TypeInformation) -> ReturnType {
        let description = UnsafeRawPointer(type + 1).load(as: UInt32.self)
        let isSigned = description >> 24 & 1 != 0
        let isBoolean = description >> 26 & 1 != 0
        return isBoolean ? .boolean : .integer(bits: Int(description & 0xff), isSigned: isSigned)
    }

    private static func structure(_ id: UInt32, in types: borrowing TypeInformation) -> String? {
        guard let (_, type) = types.resolve(id), types.kind(type) == .structure,
            let name = types.name(type.pointee.name_off), name.pointee != 0
        else { return nil }
        return String(cString: name)
    }

    private static func enumeration(
        _ type: UnsafePointer<btf_type>, in types: borrowing TypeInformation
    ) -> Enumeration {
        let bits = min(64, max(8, Int(type.pointee.size) * 8))
        var names: [UInt64: String] = [:]
        // Kernels before 6.0 have no flag for signed enums, so a negative value counts, too.
        var isSigned = type.pointee.info >> 31 != 0
        func add(_ value: Int64, _ offset: UInt32) {
            isSigned = isSigned || value < 0
            let value = UInt64(bitPattern: value) & (.max >> UInt64(64 - bits))
            guard let name = types.name(offset), names[value] == nil else { return }
            names[value] = String(cString: name)
        }
        if types.kind(type) == .enumeration64 {
            for value in types.trailing(type, as: btf_enum64.self) {
                add(Int64(bitPattern: UInt64(value.val_hi32) << 32 | UInt64(value.val_lo32)), value.name_off)
            }
        } else {
            for value in types.trailing(type, as: btf_enum.self) { add(Int64(value.val), value.name_off) }
        }
        return Enumeration(
            name: types.name(type.pointee.name_off).map { String(cString: $0) } ?? "",
            bits: bits, isSigned: isSigned, names: names)
    }
}
