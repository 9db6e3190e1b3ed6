// Classic BPF computes with unsigned 32-bit numbers. Division by zero ends the program with "no match" (in eBPF the
// result is 0), and shifting by 32 bits or more gives 0 (the verifier refuses that, or the CPU masks it).

import BPFCode

extension Translator {
    mutating func emit(_ operation: ClassicOperation.Arithmetic, constant: UInt32) {
        if [.shiftLeft, .shiftRight].contains(operation) && constant >= 32 {
            assembler.emit(.arithmetic32(.move, Self.a, 0))
        } else {
            assembler.emit(.arithmetic32(operation.extended, Self.a, constant))
        }
    }

    mutating func emitWithX(_ operation: ClassicOperation.Arithmetic) {
        switch operation {
        case .divide, .modulo:
            assembler.emit(.jump32(.equal, Self.x, 0, to: reject))
            assembler.emit(.arithmetic32(operation.extended, Self.a, Self.x))
        case .shiftLeft, .shiftRight:
            let isSmall = assembler.makeLabel()
            let done = assembler.makeLabel()
            assembler.emit(.jump32(.less, Self.x, 32, to: isSmall))
            assembler.emit(.arithmetic32(.move, Self.a, 0))
            assembler.emit(.jump(done))
            assembler.place(isSmall)
            assembler.emit(.arithmetic32(operation.extended, Self.a, Self.x))
            assembler.place(done)
        case .add, .subtract, .multiply, .or, .and, .xor:
            assembler.emit(.arithmetic32(operation.extended, Self.a, Self.x))
        }
    }
}

extension ClassicOperation.Arithmetic {
    fileprivate var extended: Instruction.Arithmetic {
        switch self {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .or: .or
        case .and: .and
        case .shiftLeft: .shiftLeft
        case .shiftRight: .shiftRight
        case .modulo: .modulo
        case .xor: .xor
        }
    }
}
