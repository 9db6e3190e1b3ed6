import BPFCode
import DLanguage

// Keys of the maps that hold variables of threads and elements of arrays.
extension ProbeCompiler {
    /// Builds the key of a thread's variable. Idle threads all have number 0, so their CPU distinguishes them.
    mutating func threadKey(_ slot: Int) throws(Diagnostic) -> StackSlot {
        let key = frame.block("key", size: 16, &assembler)
        emitThread(to: key, plus: 0)
        assembler.emit(.store(.double, Int32(slot), to: key, plus: 8))
        return key
    }

    private mutating func emitThread(to key: StackSlot, plus offset: Int) {
        let isThread = assembler.makeLabel("thread")
        assembler.emit(.call(.getCurrentPidTgid))
        assembler.emit(.jump64(.notEqual, .r0, 0, to: isThread))
        assembler.emit(.call(.getSmpProcessorId))
        assembler.emit(.arithmetic64(.or, .r0, Int32.min))
        assembler.place(isThread)
        assembler.emit(.store(.double, .r0, to: key, plus: offset))
    }

    mutating func arrayKey(_ index: Int, _ keys: [TypedExpression]) throws(Diagnostic) -> StackSlot {
        let array = program.typed.arrays[index]
        let prefix = array.scope == .thread ? 8 : 0
        let fields = program.arrayKeys[index]
        let size = prefix + ProgramContext.size(of: fields)
        let key = frame.block("key", size: size, &assembler)
        for (expression, field) in zip(keys, fields) {
            try emit(expression, as: field.form, to: .stack(key, prefix + field.offset), isKey: true)
        }
        if prefix > 0 { emitThread(to: key, plus: 0) }
        return key
    }
}
