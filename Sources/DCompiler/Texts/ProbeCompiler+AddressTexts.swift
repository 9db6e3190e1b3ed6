import BPFCode
import DLanguage

// Texts of addresses, which stay addresses until they are printed.
extension ProbeCompiler {
    mutating func emitAddressText(_ expression: TypedExpression, to place: Place) throws(Diagnostic) {
        switch expression.form {
        case .convert(let value): try emitAddressText(value, to: place)
        case .conditional(let condition, let then, let otherwise):
            try emitConditional(condition) { (compiler, isThen) throws(Diagnostic) in
                try compiler.emitAddressText(isThen ? then : otherwise, to: place)
            }
        case .bind(let local, let value, let body):
            try bind(local, value)
            try emitAddressText(body, to: place)
        case .call(.inet_ntoa, let arguments): try emitAddress(family: 4, arguments[0], to: place)
        case .call(.inet_ntoa6, let arguments): try emitAddress(family: 6, arguments[0], to: place)
        case .call(.inet_ntop, let arguments):
            guard case .constant(let family) = arguments[0].form, [2, 10].contains(family) else {
                throw .unavailable("inet_ntop() of a family that is no constant", at: expression.position)
            }
            try emitAddress(family: family == 2 ? 4 : 6, arguments[1], to: place)
        case .text(let text) where text.isEmpty: clear(place, bytes: Field.Form.address.size)
        case .constant: clear(place, bytes: Field.Form.address.size)
        case .storage(let storage):
            try emitSource(storage, at: expression.position)
            emitAddress(.r1, of: place)
            assembler.emit(.arithmetic64(.move, .r2, Int32(Field.Form.address.size)))
            assembler.emit(.call(.probeReadKernel))
        default: throw .unavailable("this text of an address", at: expression.position)
        }
    }

    private mutating func emitAddress(
        family: UInt64, _ pointer: TypedExpression, to place: Place
    ) throws(Diagnostic) {
        try evaluate(pointer)
        let slot = frame.temporary(&assembler)
        assembler.emit(.store(.double, .r0, to: slot))
        storeConstant(family, to: place, plus: 0)
        storeConstant(0, to: place, plus: 8)
        storeConstant(0, to: place, plus: 16)
        emitAddress(.r1, of: place, plus: 8)
        assembler.emit(.arithmetic64(.move, .r2, family == 4 ? 4 : 16))
        assembler.emit(.load(.double, .r3, from: slot))
        assembler.emit(.call(.probeReadKernel))
        assembler.emit(.jump64(.notEqual, .r0, 0, to: fault(.badAddress)))
        frame.free(slot)
    }
}
