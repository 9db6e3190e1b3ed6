import BPFCode
import DLanguage
import KernelTypes

/// The state that all programs of a D program share while they are compiled.
final class ProgramContext {
    let typed: TypedProgram
    private(set) var texts: [[UInt8]] = []
    private var numbers: [[UInt8]: Int] = [:]
    /// Forms of keys, by aggregation.
    private(set) var aggregationKeys: [[Field]] = []
    private(set) var arrayKeys: [[Field]] = []
    /// Offsets of global variables in the value of `MapNames.globals`.
    private(set) var globalOffsets: [Int: Int] = [:]
    private(set) var globalSize = 0

    init(_ typed: TypedProgram) {
        self.typed = typed
        aggregationKeys = typed.aggregations.map { Self.fields($0.keys, Self.keyTextCapacity) }
        arrayKeys = typed.arrays.map { Self.fields($0.keys, Self.keyTextCapacity) }
        for (index, variable) in typed.variables.enumerated() where variable.scope == .global {
            globalOffsets[index] = globalSize
            globalSize += storageForm(of: variable.type).size
        }
    }

    /// Text in keys: they lie on the stack, which has 512 bytes.
    static let keyTextCapacity = 64

    private static func fields(_ types: [DType], _ capacity: Int) -> [Field] {
        var offset = 0
        return types.map { type in
            let field = Field(offset: offset, form: form(of: type, capacity: capacity))
            offset += field.form.size
            return field
        }
    }

    /// How a value of the type is stored.
    static func form(of type: DType, capacity: Int) -> Field.Form {
        switch type {
        case .string: .text(capacity: capacity)
        case .addressText: .address
        case .stack(let frames): .stack(frames: frames)
        case .symbol(let form): .symbol(form)
        case .integer(let integer), .enumeration(_, let integer):
            .integer(bytes: integer.bytes, isSigned: integer.isSigned)
        default: .integer(bytes: 8, isSigned: false)
        }
    }

    func storageForm(of type: DType) -> Field.Form {
        Self.form(of: type, capacity: typed.options.strsize)
    }

    func number(of text: [UInt8]) -> Int {
        if let known = numbers[text] { return known }
        texts.append(text)
        numbers[text] = texts.count - 1
        return texts.count - 1
    }

    static func size(of fields: [Field]) -> Int { fields.last.map { $0.offset + $0.form.size } ?? 0 }
}

extension TypedStatement {
    /// Whether user space learns of the statement, by the firing's record.
    var hasData: Bool {
        switch form {
        case .evaluate, .aggregate: false
        default: true
        }
    }
}

extension Diagnostic {
    static func unavailable(_ what: String, at position: SourcePosition, advice: String? = nil) -> Diagnostic {
        Diagnostic("\(what) is not available yet", at: position, advice: advice)
    }
}
