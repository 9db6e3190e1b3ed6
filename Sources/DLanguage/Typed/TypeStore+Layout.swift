import KernelTypes

extension TypeStore {
    /// Bytes. Nil for types without a size. `strsize` is the size of a string.
    public func size(of type: DType, strsize: Int) -> Int? {
        switch type {
        case .void, .function: return nil
        case .integer(let integer), .enumeration(_, let integer): return integer.bytes
        case .string: return strsize
        case .addressText: return 17
        case .pointer: return 8
        case .symbol: return 8
        case .floating(let bytes): return bytes
        case .stack(let frames): return 8 * frames
        case .array(let element, let count):
            guard let size = size(of: element, strsize: strsize) else { return nil }
            let (product, overflows) = size.multipliedReportingOverflow(by: count)
            return overflows ? nil : product
        case .structure(.declared(let index)):
            guard index < structures.count, structures[index].members != nil else { return nil }
            return structures[index].size
        case .structure(.kernel(let table, let number)):
            return table < tables.count ? tables[table].size(of: TypeID(number)) : nil
        }
    }

    func alignment(of type: DType) -> Int {
        switch type {
        case .integer(let integer), .enumeration(_, let integer): integer.bytes
        case .pointer, .symbol, .stack: 8
        case .floating(let bytes): bytes
        case .array(let element, _): alignment(of: element)
        case .structure(.declared(let index)): index < structures.count ? structures[index].alignment : 1
        case .structure(.kernel): 8
        case .void, .function, .string, .addressText: 1
        }
    }

    /// As C spells it: `struct sk_buff *`, `uint32_t`'s `unsigned int`, `char[16]`.
    public func spelling(of type: DType) -> String {
        switch type {
        case .void: "void"
        case .integer(let integer): Self.spelling(of: integer)
        case .string, .addressText: "string"
        case .pointer(.function): "function *"
        case .pointer(let target): Self.pointer(spelling(of: target))
        case .array(let element, let count): "\(spelling(of: element))[\(count)]"
        case .structure(let id): spelling(of: id)
        case .enumeration(.kernel(let table, let number), _):
            "enum " + (table < tables.count ? named(tables[table].type(TypeID(number)).name) : "{…}")
        case .enumeration(.declared(let index), _):
            "enum " + (index < enumerations.count ? named(enumerations[index].name) : "{…}")
        case .floating(let bytes): bytes == 4 ? "float" : "double"
        case .function: "function"
        case .stack(let frames): "stack(\(frames))"
        case .symbol(.symbol): "symbol"
        case .symbol(.function): "function name"
        case .symbol(.module): "module name"
        }
    }

    /// The name of an enum's value.
    public func name(of value: UInt64, in type: DType) -> String? {
        switch type {
        case .enumeration(.declared(let index), _):
            return index < enumerations.count
                ? enumerations[index].values.filter { $0.value == value }.keys.min() : nil
        case .enumeration(.kernel(let index, let number), _):
            guard index < tables.count, case .enumeration(_, let values) = tables[index].type(TypeID(number)).form
            else {
                return nil
            }
            return values.first(where: { $0.bits == value })?.name
        default: return nil
        }
    }

    private static func pointer(_ target: String) -> String { target + (target.hasSuffix("*") ? "*" : " *") }

    public func spelling(of id: StructureID) -> String {
        switch id {
        case .kernel(let table, let number):
            return table < tables.count ? tables[table].spelling(of: TypeID(number)) : "struct {…}"
        case .declared(let index):
            guard index < structures.count else { return "struct {…}" }
            let structure = structures[index]
            // A struct without a tag goes by its typedef.
            if structure.isTypedefName { return structure.name }
            return (structure.isUnion ? "union " : "struct ") + named(structure.name)
        }
    }

    private func named(_ name: String) -> String { name.isEmpty ? "{…}" : name }

    static func spelling(of integer: IntegerType) -> String {
        if integer.isCharacter { return integer.isSigned ? "char" : "unsigned char" }
        let name = [8: "int8_t", 16: "short", 32: "int", 64: "long"][integer.bits] ?? "int"
        if integer.bits == 8 { return integer.isSigned ? name : "uint8_t" }
        return integer.isSigned ? name : "unsigned \(name)"
    }
}
