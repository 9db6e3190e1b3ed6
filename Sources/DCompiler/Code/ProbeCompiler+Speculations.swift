import BPFCode
import DLanguage

// Output that is printed only if the program commits it. The kernel knows which speculations are in use; their output waits in
// user space.
extension ProbeCompiler {
    private var speculationCount: Int { max(1, program.typed.options.nspec) }

    /// speculation(): the number of one that is free, or 0.
    mutating func emitSpeculation() {
        let done = assembler.makeLabel("speculation")
        for index in 0..<speculationCount where program.typed.options.nspec > 0 {
            let used = assembler.makeLabel("used")
            assembler.emit(.mapValue(.r1, ofMap: MapNames.speculations, offset: Int32(8 * index)))
            assembler.emit(.load(.double, .r0, from: .r1, 0))
            assembler.emit(.jump64(.notEqual, .r0, 0, to: used))
            assembler.emit(.store(.double, .immediate(1), to: .r1, 0))
            assembler.emit(.arithmetic64(.move, .r0, Int32(index + 1)))
            assembler.emit(.jump(done))
            assembler.place(used)
        }
        emitLoss(.speculations)
        assembler.emit(.arithmetic64(.move, .r0, 0))
        assembler.place(done)
    }

    /// r0: the number of a speculation → r1: the address of its word; numbers that are not in use end at the label.
    private mutating func emitWord(orElse unused: Label) {
        assembler.emit(.jump64(.equal, .r0, 0, to: unused))
        assembler.emit(.arithmetic64(.move, .r2, .r0))
        assembler.emit(.arithmetic64(.subtract, .r2, 1))
        assembler.emit(.jump64(.greaterOrEqual, .r2, Int32(speculationCount), to: fault(.illegalOperation)))
        assembler.emit(.arithmetic64(.shiftLeft, .r2, 3))
        assembler.emit(.mapValue(.r1, ofMap: MapNames.speculations, offset: 0))
        assembler.emit(.arithmetic64(.add, .r1, .r2))
        assembler.emit(.load(.double, .r2, from: .r1, 0))
        assembler.emit(.jump64(.equal, .r2, 0, to: unused))
    }

    /// speculate(): the clause's output belongs to the speculation; without one in use, the clause ends.
    mutating func emitSpeculate(_ number: TypedExpression) throws(Diagnostic) {
        guard let end = clause.end else { return }
        try evaluate(number)
        emitWord(orElse: end)
        let place = layout.status(ofClause: clause.recordIndex) + RecordLayout.speculationOffset
        assembler.emit(.store(.double, .r0, to: Self.record, Int16(place)))
    }

    /// commit() and discard(): the speculation is free again, and the record has its number.
    mutating func emitRelease(_ number: TypedExpression, to field: Field) throws(Diagnostic) {
        let unused = assembler.makeLabel("unused")
        let done = assembler.makeLabel("released")
        try evaluate(number)
        emitWord(orElse: unused)
        assembler.emit(.store(.double, .immediate(0), to: .r1, 0))
        storeWord(.r0, to: .record(field.offset))
        assembler.emit(.jump(done))
        assembler.place(unused)
        storeConstant(0, to: .record(field.offset), plus: 0)
        assembler.place(done)
    }
}
