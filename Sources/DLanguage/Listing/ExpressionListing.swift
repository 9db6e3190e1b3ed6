/// Writes the typed tree in a notation like C with everything visible: conversions, addresses, offsets.
struct ExpressionListing {
    let program: TypedProgram

    func type(_ type: DType) -> String { program.types.spelling(of: type) }

    func text(_ expression: TypedExpression) -> String {
        switch expression.form {
        case .constant(let value): return constant(value, expression.type)
        case .text(let text):
            return expression.type == .addressText ? "address(\(Self.quoted(text)))" : Self.quoted(text)
        case .builtin(.argument(let number)): return "arg\(number)"
        case .builtin(let builtin): return "\(builtin)"
        case .input(.parameter(let number)): return "probe.parameter\(number)"
        case .input(let input): return "probe.\(input)"
        case .symbol(let module, let name): return "&\(module ?? "")`\(name)"
        case .storage(let storage): return self.storage(storage, expression.type)
        case .memory(let address, let offset, let bits):
            return "*(\(type(.pointer(to: expression.type))))(\(text(address))\(Self.sum(offset)))\(Self.bits(bits))"
        case .unary(let operation, let value): return "\(operation.rawValue)\(text(value))"
        case .binary(let operation, let left, let right):
            return "(\(text(left)) \(operation.rawValue) \(text(right)))"
        case .logical(let operation, let left, let right):
            return "(\(text(left)) \(operation.rawValue) \(text(right)))"
        case .compareTexts(let operation, let left, let right):
            return "strcmp(\(text(left)) \(operation.rawValue) \(text(right)))"
        case .matchesAddress(let value, let address, let negated):
            let bytes = address.bytes.map(String.init).joined(separator: address.family == 4 ? "." : ",")
            return "(\(text(value)) \(negated ? "!=" : "==") address[\(bytes)])"
        case .compareAddresses(let left, let right, let negated):
            return "(\(text(left)) \(negated ? "!=" : "==") \(text(right)))"
        case .conditional(let condition, let yes, let no):
            return "(\(text(condition)) ? \(text(yes)) : \(text(no)))"
        case .convert(let value): return "(\(type(expression.type)))\(text(value))"
        case .call(let subroutine, let arguments):
            return "\(subroutine)(\(arguments.map(text).joined(separator: ", ")))"
        case .assign(let place, let value): return "(\(storage(place, expression.type)) = \(text(value)))"
        case .assignAfter(let place, let value):
            return "(old \(storage(place, expression.type)) = \(text(value)))"
        case .sequence(let parts): return "(\(parts.map(text).joined(separator: ", ")))"
        case .bind(let local, let value, let body): return "(%\(local) = \(text(value)); \(text(body)))"
        case .local(let local): return "%\(local)"
        case .pick(let index, let texts, let otherwise):
            return "pick(\(text(index)) of \(texts.count), else \(text(otherwise)))"
        }
    }

    private func constant(_ value: UInt64, _ type: DType) -> String {
        if type.isPointer { return value == 0 ? "NULL" : "0x" + String(value, radix: 16) }
        return type.integer?.isSigned ?? true ? "\(Int64(bitPattern: value))" : "\(value)u"
    }

    private func storage(_ storage: Storage, _ type: DType) -> String {
        var result: String
        switch storage.base {
        case .variable(let index):
            let variable = program.variables[index]
            result = Self.name(variable.scope, variable.name)
        case .element(let index, let keys):
            let array = program.arrays[index]
            result = "\(Self.name(array.scope, array.name))[\(keys.map(text).joined(separator: ", "))]"
        case .memory(let address): result = "*(\(text(address)))"
        }
        if storage.offset != 0 || storage.bits != nil { result += "{\(storage.offset)}" }
        if let dynamic = storage.dynamic { result += "{\(text(dynamic)) < \(storage.dynamicLimit)}" }
        return result + Self.bits(storage.bits)
    }

    static func name(_ scope: VariableScope, _ name: String) -> String {
        scope == .global ? name : "\(scope.rawValue)->\(name)"
    }

    private static func sum(_ offset: Int) -> String {
        offset == 0 ? "" : offset > 0 ? " + \(offset)" : " - \(offset.magnitude)"
    }

    private static func bits(_ bits: BitField?) -> String { bits.map { "<\($0.first):\($0.count)>" } ?? "" }

    static func quoted(_ text: [UInt8]) -> String {
        var result = "\""
        for byte in text {
            switch byte {
            case 8: result += "\\b"
            case 9: result += "\\t"
            case 10: result += "\\n"
            case 34, 92: result += "\\" + String(Character(UnicodeScalar(byte)))
            case 32..<127: result.append(Character(UnicodeScalar(byte)))
            default: result += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
            }
        }
        return result + "\""
    }
}
