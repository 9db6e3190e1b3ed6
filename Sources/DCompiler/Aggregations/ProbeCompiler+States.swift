import BPFCode
import DLanguage

// States of aggregations that are no plain counts. r0 is the address of the state.
extension ProbeCompiler {
    /// Keeps the least or greatest value of this epoch.
    mutating func emitExtreme(_ aggregation: Aggregation, _ index: Int, _ value: StackSlot) {
        let isMinimum = aggregation.function == .minimum
        let fresh = assembler.makeLabel("fresh")
        let store = assembler.makeLabel("store")
        let count = assembler.makeLabel("count")
        assembler.emit(.mapValue(.r3, ofMap: MapNames.epochs, offset: Int32(8 * index)))
        assembler.emit(.load(.double, .r3, from: .r3, 0))
        assembler.emit(.load(.double, .r1, from: value))
        assembler.emit(.load(.double, .r2, from: .r0, 0))
        assembler.emit(.jump64(.equal, .r2, 0, to: fresh))
        assembler.emit(.load(.double, .r2, from: .r0, 16))
        assembler.emit(.jump64(.notEqual, .r2, .r3, to: fresh))
        assembler.emit(.load(.double, .r2, from: .r0, 8))
        let isNotBetter: Instruction.Condition =
            aggregation.isSigned
            ? (isMinimum ? .signedGreaterOrEqual : .signedLessOrEqual)
            : (isMinimum ? .greaterOrEqual : .lessOrEqual)
        assembler.emit(.jump64(isNotBetter, .r1, .r2, to: count))
        assembler.emit(.jump(store))
        assembler.place(fresh)
        assembler.emit(.store(.double, .r3, to: .r0, 16))
        assembler.place(store)
        assembler.emit(.store(.double, .r1, to: .r0, 8))
        assembler.place(count)
        assembler.emit(.arithmetic64(.move, .r1, 1))
        assembler.emit(.atomic(.add, .double, .r1, at: .r0, 0))
    }

    /// Adds the square, 128 bits, to the last two words of the state at r0.
    mutating func emitSquare(_ value: StackSlot) {
        let noCarry = assembler.makeLabel("no_carry")
        // |v| = a * 2^32 + b; v^2 = a^2 * 2^64 + 2ab * 2^32 + b^2
        assembler.emit(.load(.double, .r1, from: value))
        assembler.emit(.arithmetic64(.move, .r2, .r1))
        assembler.emit(.arithmetic64(.shiftRightSigned, .r2, 63))
        assembler.emit(.arithmetic64(.xor, .r1, .r2))
        assembler.emit(.arithmetic64(.subtract, .r1, .r2))
        assembler.emit(.arithmetic64(.move, .r2, .r1))
        assembler.emit(.arithmetic64(.shiftRight, .r2, 32))
        assembler.emit(.arithmetic32(.move, .r1, .r1))
        assembler.emit(.arithmetic64(.move, .r3, .r1))
        assembler.emit(.arithmetic64(.multiply, .r3, .r2))  // ab, below 2^63
        assembler.emit(.arithmetic64(.multiply, .r1, .r1))  // b^2
        assembler.emit(.arithmetic64(.multiply, .r2, .r2))  // a^2
        assembler.emit(.arithmetic64(.move, .r4, .r3))
        assembler.emit(.arithmetic64(.shiftRight, .r4, 31))
        assembler.emit(.arithmetic64(.add, .r2, .r4))
        assembler.emit(.arithmetic64(.shiftLeft, .r3, 33))
        assembler.emit(.arithmetic64(.add, .r1, .r3))
        assembler.emit(.jump64(.greaterOrEqual, .r1, .r3, to: noCarry))
        assembler.emit(.arithmetic64(.add, .r2, 1))
        assembler.place(noCarry)
        let noSecondCarry = assembler.makeLabel("no_carry")
        assembler.emit(.load(.double, .r3, from: .r0, 16))
        assembler.emit(.arithmetic64(.add, .r3, .r1))
        assembler.emit(.store(.double, .r3, to: .r0, 16))
        assembler.emit(.jump64(.greaterOrEqual, .r3, .r1, to: noSecondCarry))
        assembler.emit(.arithmetic64(.add, .r2, 1))
        assembler.place(noSecondCarry)
        assembler.emit(.load(.double, .r3, from: .r0, 24))
        assembler.emit(.arithmetic64(.add, .r3, .r2))
        assembler.emit(.store(.double, .r3, to: .r0, 24))
    }
}
