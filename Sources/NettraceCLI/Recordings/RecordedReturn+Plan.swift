import AttachPlanning
import Recording
import Tracers

/// The distinct enums of a plan.
struct RecordedEnumerations {
    private(set) var list: [RecordedEnumeration] = []
    private var indices: [ObjectIdentifier: UInt32] = [:]

    mutating func index(of type: Enumeration) -> UInt32 {
        if let known = indices[ObjectIdentifier(type)] { return known }
        let index = UInt32(list.count)
        list.append(
            RecordedEnumeration(
                name: type.name, bits: UInt32(type.bits), isSigned: type.isSigned, names: type.names))
        indices[ObjectIdentifier(type)] = index
        return index
    }
}

extension RecordedReturn {
    init(_ function: FunctionReturn, _ enumerations: inout RecordedEnumerations) {
        self.init(kind: .unknown, meaning: function.meaning?.rawValue ?? "")
        switch function.type {
        case .unknown: break
        case .void: kind = .void
        case .boolean: kind = .boolean
        case .integer(let bits, let isSigned):
            kind = isSigned ? .signed : .unsigned
            self.bits = UInt32(bits)
        case .pointer(let structure):
            kind = .pointer
            self.structure = structure ?? ""
        case .enumeration(let type):
            kind = .enumeration
            enumeration = enumerations.index(of: type)
        }
    }

    /// Rebuilds the `FunctionReturn`. A meaning whose word this version does not know becomes nil.
    ///
    /// - Parameter enumerations: the enums of the recording, in its order.
    func functionReturn(_ enumerations: [Enumeration]) -> FunctionReturn {
        FunctionReturn(type: type(enumerations), meaning: ReturnMeaning(rawValue: meaning))
    }

    private func type(_ enumerations: [Enumeration]) -> ReturnType {
        switch kind {
        case .unknown: return .unknown
        case .void: return .void
        case .boolean: return .boolean
        case .unsigned, .signed: return .integer(bits: Int(bits), isSigned: kind == .signed)
        case .pointer: return .pointer(to: structure.isEmpty ? nil : structure)
        case .enumeration:
            guard let enumeration, enumeration < enumerations.count else { return .unknown }
            return .enumeration(enumerations[Int(enumeration)])
        }
    }
}

extension Enumeration {
    convenience init(_ recorded: RecordedEnumeration) {
        self.init(
            name: recorded.name, bits: Int(recorded.bits), isSigned: recorded.isSigned, names: recorded.names)
    }
}
