import DLanguage
import Text

/// print(): a value with its type; of structs and arrays all members, a line each.
struct PrintForm {
    let types: TypeStore
    let strsize: Int

    func write(_ value: Datum, _ type: DType, to buffer: inout ByteBuffer) {
        switch value {
        case .integer(let number):
            let bytes = withUnsafeBytes(of: number.bits) { Array($0) }
            buffer.append(contentsOf: "\(types.spelling(of: type)) \(text(bytes, type, nil, depth: 0))\n".utf8)
        case .text(let bytes):
            let isText = type.isText
            let body = isText ? quoted(bytes) : text(bytes, type, nil, depth: 0)
            buffer.append(contentsOf: "\(types.spelling(of: type)) \(body)\n".utf8)
        case .stack: break
        }
    }

    private func quoted(_ bytes: [UInt8]) -> String {
        "\"" + String(decoding: FormatWriter<NumericAddresses>.escaped(bytes), as: UTF8.self) + "\""
    }

    /// A value in the bytes of the kernel.
    private func text(_ bytes: [UInt8], _ type: DType, _ bits: (first: Int, count: Int)?, depth: Int) -> String {
        guard depth < Self.deepest else { return "…" }
        switch type {
        case .structure(let id): return structure(bytes, id, depth)
        case .array(let element, let count): return array(bytes, element, count, depth)
        case .string: return quoted(Array(bytes.prefix { $0 != 0 }))
        case .pointer: return "0x" + String(word(bytes), radix: 16)
        case .enumeration(_, let integer):
            let value = number(bytes, integer, bits)
            return types.name(of: value, in: type) ?? String(Int64(bitPattern: value))
        case .integer(let integer):
            let value = number(bytes, integer, bits)
            return integer.isSigned ? String(Int64(bitPattern: value)) : "0x" + String(value, radix: 16)
        default: return "?"
        }
    }

    private static let deepest = 8

    private func word(_ bytes: [UInt8]) -> UInt64 {
        bytes.prefix(8).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private func number(_ bytes: [UInt8], _ integer: IntegerType, _ bits: (first: Int, count: Int)?) -> UInt64 {
        guard let bits, bits.count < 64 else { return integer.extended(word(bytes)) }
        let value = (word(bytes) >> UInt64(bits.first)) & (1 << UInt64(bits.count) - 1)
        let shift = UInt64(64 - bits.count)
        return integer.isSigned ? UInt64(bitPattern: Int64(bitPattern: value << shift) >> Int64(shift)) : value
    }

    private func structure(_ bytes: [UInt8], _ id: StructureID, _ depth: Int) -> String {
        let indent = String(repeating: "    ", count: depth + 1)
        let members = types.members(of: id).compactMap { member -> String? in
            let start = member.bitOffset / 8
            guard start < bytes.count, !member.name.isEmpty else { return nil }
            let bits = member.bitSize.map { (first: member.bitOffset % 8, count: $0) }
            let size = bits == nil ? types.size(of: member.type, strsize: strsize) ?? 8 : 8
            let value = text(
                Array(bytes[start..<min(start + size, bytes.count)]), member.type, bits, depth: depth + 1)
            return "\(indent)\(types.spelling(of: member.type)) \(member.name) = \(value)\n"
        }
        return "{\n" + members.joined() + String(repeating: "    ", count: depth) + "}"
    }

    private func array(_ bytes: [UInt8], _ element: DType, _ count: Int, _ depth: Int) -> String {
        if element.integer?.isCharacter == true { return "[ " + quoted(Array(bytes.prefix { $0 != 0 })) + " ]" }
        let size = max(1, types.size(of: element, strsize: strsize) ?? 8)
        let values = (0..<min(count, Self.longestArray)).compactMap { index -> String? in
            guard (index + 1) * size <= bytes.count else { return nil }
            return text(Array(bytes[index * size..<(index + 1) * size]), element, nil, depth: depth + 1)
        }
        return "[ " + values.joined(separator: ", ") + (count > Self.longestArray ? ", … ]" : " ]")
    }

    private static let longestArray = 64
}
