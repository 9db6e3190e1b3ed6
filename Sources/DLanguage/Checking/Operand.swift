/// An expression while it is checked.
struct Operand {
    var expression: TypedExpression
    /// Set if the value is seen through a translator: its members are those of the translator's output, and
    /// `expression` is the translator's input.
    var translation: Translation?

    struct Translation {
        /// Index into `Checker.translators`.
        var translator: Int
        /// Type of the output, a struct.
        var output: DType
        /// `args[2]` is a pointer to the output, `xlate <ipinfo_t> (x)` the output itself.
        var isPointer: Bool
    }

    init(_ expression: TypedExpression, translation: Translation? = nil) {
        self.expression = expression
        self.translation = translation
    }

    init(_ form: TypedExpression.Form, _ type: DType, at position: SourcePosition) {
        self.init(TypedExpression(form, type, at: position))
    }

    /// The type as the program sees it.
    var type: DType {
        guard let translation else { return expression.type }
        return translation.isPointer ? .pointer(to: translation.output) : translation.output
    }

    var position: SourcePosition { expression.position }

    /// 0 or NULL.
    var isNull: Bool { translation == nil && expression.constant == 0 }
}

extension TypedExpression {
    var constant: UInt64? {
        if case .constant(let value) = form { value } else { nil }
    }

    var literal: [UInt8]? {
        if case .text(let text) = form { text } else { nil }
    }

    /// Evaluating it twice costs nothing and has no effect.
    var isTrivial: Bool {
        switch form {
        case .builtin(.timestamp), .builtin(.vtimestamp), .builtin(.walltimestamp): false
        case .constant, .text, .input, .local, .symbol, .builtin: true
        case .convert(let inner): inner.isTrivial && type.isScalar
        default: false
        }
    }
}

extension DType {
    /// Pointers and arrays around pointers and arrays, by typedefs of typedefs: all recursion over types ends.
    var isShallow: Bool {
        var type = self
        for _ in 0..<64 {
            switch type {
            case .pointer(let inner), .array(let inner, _): type = inner
            default: return true
            }
        }
        return false
    }

    /// Of a `char` array, or a pointer to `char`.
    var isCharacters: Bool {
        switch self {
        case .array(let element, _): element.integer?.isCharacter ?? false
        case .pointer(let target): target.integer?.isCharacter ?? false
        default: false
        }
    }
}
