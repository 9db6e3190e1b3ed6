import BPFCode
import DLanguage

extension ProbeCompiler {
    /// The forms of the values that a record has for a statement.
    func dataForms(of statement: TypedStatement) throws(Diagnostic) -> [Field.Form] {
        switch statement.form {
        case .printf(_, let arguments):
            var forms: [Field.Form] = []
            for argument in arguments { forms.append(try form(of: argument)) }
            return forms
        case .trace(let value): return [try form(of: value)]
        case .exit, .normalize: return [.integer(bytes: 8, isSigned: true)]
        case .trunc(_, let count): return count == nil ? [] : [.integer(bytes: 8, isSigned: true)]
        case .stack(let frames): return [.stack(frames: frames)]
        case .tracemem(_, let size, let length):
            return [.bytes(size)] + (length == nil ? [] : [.integer(bytes: 8, isSigned: true)])
        case .commit, .discard: return [.integer(bytes: 8, isSigned: true)]
        case .print(let value): return [try form(of: value)]
        case .freopen(_, let arguments), .system(_, let arguments):
            return try arguments.map { (argument) throws(Diagnostic) in try form(of: argument) }
        case .printa, .clear, .denormalize, .setopt, .fired, .evaluate, .aggregate, .ftruncate, .speculate, .stop,
            .raise:
            return []
        case .panic, .breakpoint, .chill, .pcap:
            throw .unavailable("the action \(statement.actionName)()", at: statement.position)
        }
    }

    mutating func emit(_ statement: TypedStatement, number: Int) throws(Diagnostic) {
        switch statement.form {
        case .evaluate(let expression): return try evaluateForEffect(expression)
        case .aggregate(let update): return try emit(update, at: statement.position)
        default: break
        }
        let fields = layout.clauses[clause.recordIndex].statements.first { $0.statement == number }?.fields ?? []
        switch statement.form {
        case .tracemem(let address, let size, let length):
            try evaluate(address)
            assembler.emit(.arithmetic64(.move, .r3, .r0))
            emitAddress(.r1, of: .record(fields[0].offset))
            assembler.emit(.arithmetic64(.move, .r2, Int32(size)))
            assembler.emit(.call(.probeReadKernel))
            assembler.emit(.jump64(.notEqual, .r0, 0, to: fault(.badAddress)))
            if let length { try emit(length, as: fields[1].form, to: .record(fields[1].offset)) }
        case .stack(let frames): emitStack(frames: frames, to: .record(fields[0].offset))
        case .speculate(let number): try emitSpeculate(number)
        case .commit(let number), .discard(let number): try emitRelease(number, to: fields[0])
        case .stop: emitSignal { $0.assembler.emit(.arithmetic64(.move, .r1, 19)) }
        case .raise(let number):
            try evaluate(number)
            emitSignal { $0.assembler.emit(.arithmetic64(.move, .r1, .r0)) }
        default:
            for (expression, field) in zip(statement.expressions, fields) {
                try emit(expression, as: field.form, to: .record(field.offset))
            }
        }
        if case .exit = statement.form {
            assembler.emit(.mapValue(.r1, ofMap: MapNames.state, offset: ProgramState.gate))
            assembler.emit(.store(.word, .immediate(Int32(ProgramState.Gate.exited.rawValue)), to: .r1, 0))
        }
    }

    /// Sends the signal in r1 to the process that the probe fires in.
    private mutating func emitSignal(_ number: (inout ProbeCompiler) -> Void) {
        number(&self)
        assembler.emit(.call(.sendSignal))
    }

    /// bpf_get_stack(): the number of bytes, or an error, and the addresses.
    mutating func emitStack(frames: Int, to place: Place) {
        clear(place, bytes: 8 + 8 * min(frames, 4))
        assembler.emit(.arithmetic64(.move, .r1, Self.context))
        emitAddress(.r2, of: place, plus: 8)
        assembler.emit(.arithmetic64(.move, .r3, Int32(8 * frames)))
        assembler.emit(.arithmetic64(.move, .r4, 0))
        assembler.emit(.call(.getStack))
        storeWord(.r0, to: place)
    }
}

extension TypedStatement {
    var actionName: String {
        switch form {
        case .panic: "panic"
        case .breakpoint: "breakpoint"
        case .chill: "chill"
        case .pcap: "pcap"
        default: "this"
        }
    }
}
