import BPFCode
import DLanguage

// Texts, and values of any form in records and keys.
extension ProbeCompiler {
    /// The form in which a record takes the value of an expression.
    func form(of expression: TypedExpression) throws(Diagnostic) -> Field.Form {
        guard expression.type.isText else {
            return program.form(of: expression.type, capacity: program.typed.options.strsize)
        }
        switch expression.form {
        case .text, .pick: return .textNumber
        case .builtin(.execname): return .text(capacity: 16)
        case .builtin(.probefunc) where members.count > 1:
            return .text(capacity: MemberEntry.nameSize)
        case .builtin: return .textNumber
        case .conditional(_, let then, let otherwise):
            return try joined(then, otherwise, at: expression.position)
        case .convert(let value) where value.type == .addressText: return .address
        case .convert(let value):
            if case .array(_, let count) = value.type {
                return .text(capacity: min(max(count, 1) + 1, program.typed.options.strsize))
            }
            return .text(capacity: program.typed.options.strsize)
        case .bind(_, _, let body): return try form(of: body)
        case .sequence(let expressions):
            return try expressions.last.map { last throws(Diagnostic) in try form(of: last) } ?? .textNumber
        case .assign(_, let value): return try form(of: value)
        default:
            return expression.type == .addressText ? .address : .text(capacity: program.typed.options.strsize)
        }
    }

    private func joined(
        _ one: TypedExpression, _ other: TypedExpression, at position: SourcePosition
    ) throws(Diagnostic) -> Field.Form {
        switch try (form(of: one), form(of: other)) {
        case (let left, let right) where left == right: return left
        case (.text(let left), .text(let right)): return .text(capacity: max(left, right))
        case (.textNumber, .text(let capacity)): return .text(capacity: max(capacity, Self.longest(one)))
        case (.text(let capacity), .textNumber): return .text(capacity: max(capacity, Self.longest(other)))
        case (.address, .textNumber) where Self.longest(other) == 1: return .address
        case (.textNumber, .address) where Self.longest(one) == 1: return .address
        default: throw .unavailable("?: between the text of an address and another text", at: position)
        }
    }

    /// Bytes, with the NUL, of the longest text that an expression of known texts can be.
    private static func longest(_ expression: TypedExpression) -> Int {
        switch expression.form {
        case .text(let text): text.count + 1
        case .conditional(_, let then, let otherwise): max(longest(then), longest(otherwise))
        case .pick(_, let texts, let otherwise): max((texts.map(\.count).max() ?? 0) + 1, longest(otherwise))
        case .bind(_, _, let body): longest(body)
        case .sequence(let expressions): expressions.last.map(longest) ?? 1
        default: 64
        }
    }

    /// Works out an expression and writes it in a form.
    ///
    /// - Parameter isKey: all bytes count, so those after the end of a text are zero.
    mutating func emit(
        _ expression: TypedExpression, as form: Field.Form, to place: Place, isKey: Bool = false
    ) throws(Diagnostic) {
        switch form {
        case .integer, .symbol:
            try evaluate(expression)
            storeWord(.r0, to: place)
        case .textNumber:
            try evaluateTextNumber(expression)
            storeWord(.r0, to: place)
        case .address: try emitAddressText(expression, to: place)
        case .text(let capacity):
            if isKey { clear(place, bytes: form.size) }
            try emitText(expression, capacity: capacity, to: place)
        case .stack(let frames): emitStack(frames: frames, to: place)
        case .bytes(let count): try emitBytes(expression, count, to: place)
        }
    }

    // MARK: Texts that have a number

    /// The number of a text that is known when the program is compiled, in r0.
    mutating func evaluateTextNumber(_ expression: TypedExpression) throws(Diagnostic) {
        switch expression.form {
        case .text(let text): assembler.emitConstant(.r0, UInt64(program.number(of: text)))
        case .builtin(let builtin):
            assembler.emitConstant(.r0, UInt64(program.number(of: part(builtin))))
        case .conditional(let condition, let then, let otherwise):
            try emitConditional(condition) { (compiler, isThen) throws(Diagnostic) in
                try compiler.evaluateTextNumber(isThen ? then : otherwise)
            }
        case .pick(let index, let texts, let otherwise):
            try emitPick(index, texts) { compiler, text in
                compiler.assembler.emitConstant(.r0, UInt64(compiler.program.number(of: text)))
            } otherwise: { compiler throws(Diagnostic) in
                try compiler.evaluateTextNumber(otherwise)
            }
        case .bind(let local, let value, let body):
            try bind(local, value)
            try evaluateTextNumber(body)
        case .sequence(let expressions):
            for expression in expressions.dropLast() { try evaluateForEffect(expression) }
            if let last = expressions.last { try evaluateTextNumber(last) }
        default: throw .unavailable("this text", at: expression.position)
        }
    }

    /// The part of the probe's name that a variable stands for.
    private func part(_ builtin: Builtin) -> [UInt8] {
        let name =
            switch builtin {
            case .probeprov: probe.provider
            case .probemod: probe.module
            case .probefunc: probe.function
            default: probe.name
            }
        return Array(name.utf8)
    }

    // MARK: Bytes

    mutating func emitText(
        _ expression: TypedExpression, capacity: Int, to place: Place
    ) throws(Diagnostic) {
        switch expression.form {
        case .text(let text): emitConstantText(text, capacity: capacity, to: place)
        case .builtin(.execname):
            emitAddress(.r1, of: place)
            assembler.emit(.arithmetic64(.move, .r2, Int32(min(capacity, 16))))
            assembler.emit(.call(.getCurrentComm))
        case .builtin(.probefunc) where member != nil:
            emitMemberEntry()
            assembler.emit(.arithmetic64(.move, .r3, .r0))
            assembler.emit(.arithmetic64(.add, .r3, Int32(MemberEntry.nameOffset)))
            readText(capacity: capacity, to: place)
        case .builtin(let builtin):
            emitConstantText(part(builtin), capacity: capacity, to: place)
        case .conditional(let condition, let then, let otherwise):
            try emitConditional(condition) { (compiler, isThen) throws(Diagnostic) in
                try compiler.emitText(isThen ? then : otherwise, capacity: capacity, to: place)
            }
        case .bind(let local, let value, let body):
            try bind(local, value)
            try emitText(body, capacity: capacity, to: place)
        case .convert(let value) where value.type != .addressText:
            try emitTextPointer(value)
            readText(capacity: capacity, to: place)
        case .storage(let storage):
            try emitSource(storage, at: expression.position)
            readText(capacity: capacity, to: place)
        case .assign(let storage, let value):
            try assign(storage, value, at: expression.position)
            try emitText(
                TypedExpression(.storage(storage), .string, at: expression.position), capacity: capacity, to: place)
        case .sequence(let expressions):
            for expression in expressions.dropLast() { try evaluateForEffect(expression) }
            if let last = expressions.last { try emitText(last, capacity: capacity, to: place) }
        case .call(let subroutine, let arguments):
            try emitTextCall(subroutine, arguments, capacity: capacity, to: place, at: expression.position)
        case .pick(let index, let texts, let otherwise):
            try emitPick(index, texts) { compiler, text in
                compiler.emitConstantText(text, capacity: capacity, to: place)
            } otherwise: { compiler throws(Diagnostic) in
                try compiler.emitText(otherwise, capacity: capacity, to: place)
            }
        default: throw .unavailable("this text", at: expression.position)
        }
    }

    /// The text that an index selects from an inline list; empty ones, and other indices, select `otherwise`.
    private mutating func emitPick(
        _ index: TypedExpression, _ texts: [[UInt8]],
        each: (inout Self, [UInt8]) -> Void, otherwise: (inout Self) throws(Diagnostic) -> Void
    ) throws(Diagnostic) {
        let done = assembler.makeLabel("picked")
        let slot = frame.temporary(&assembler)
        try evaluate(index)
        assembler.emit(.store(.double, .r0, to: slot))
        for (number, text) in texts.enumerated() where !text.isEmpty {
            let next = assembler.makeLabel("next")
            assembler.emit(.load(.double, .r1, from: slot))
            assembler.emit(.jump64(.notEqual, .r1, Int32(number), to: next))
            each(&self, text)
            assembler.emit(.jump(done))
            assembler.place(next)
        }
        frame.free(slot)
        try otherwise(&self)
        assembler.place(done)
    }

    private mutating func emitConstantText(_ text: [UInt8], capacity: Int, to place: Place) {
        let text = text.prefix(max(capacity - 1, 0))
        for start in stride(from: 0, through: text.count, by: 8) {
            var word: UInt64 = 0
            for (index, byte) in text.dropFirst(start).prefix(8).enumerated() {
                word |= UInt64(byte) << UInt64(8 * index)
            }
            storeConstant(word, to: place, plus: start)
        }
    }

    /// r3: the address of a text in the kernel's memory.
    private mutating func emitTextPointer(_ value: TypedExpression) throws(Diagnostic) {
        if case .storage(let storage) = value.form, !value.type.isScalar {
            try emitSource(storage, at: value.position)
        } else if case .memory(let address, let offset, _) = value.form, !value.type.isScalar {
            try evaluate(address)
            assembler.emit(.arithmetic64(.move, .r3, .r0))
            if offset != 0 { assembler.emit(.arithmetic64(.add, .r3, Int32(clamping: offset))) }
        } else if value.type.isScalar {
            try evaluate(value)
            assembler.emit(.arithmetic64(.move, .r3, .r0))
        } else {
            throw .unavailable("the text of this value", at: value.position)
        }
    }

    mutating func readText(capacity: Int, to place: Place) {
        emitAddress(.r1, of: place)
        assembler.emit(.arithmetic64(.move, .r2, Int32(capacity)))
        assembler.emit(.call(.probeReadKernelStr))
        assembler.emit(.jump64(.signedLess, .r0, 0, to: fault(.badAddress)))
    }
}
