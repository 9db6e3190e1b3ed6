import BPFCode
import DLanguage

extension ProbeCompiler {
    /// Adds to the state of a key, in this CPU's copy.
    mutating func emit(_ update: AggregationUpdate, at position: SourcePosition) throws(Diagnostic) {
        let aggregation = program.typed.aggregations[update.aggregation]
        let full = assembler.makeLabel("full")
        let done = assembler.makeLabel("aggregated")
        let value = frame.temporary(&assembler)
        let increment = frame.temporary(&assembler)
        try emitOperands(update, aggregation.function, value, increment, at: position)
        let fields = program.aggregationKeys[update.aggregation]
        let key = frame.block("key", size: max(ProgramContext.size(of: fields), 8), &assembler)
        if fields.isEmpty { assembler.emit(.store(.word, 0, to: key)) }
        for (expression, field) in zip(update.keys, fields) {
            try emit(expression, as: field.form, to: .stack(key, field.offset), isKey: true)
        }
        emitLookup(MapNames.aggregation(update.aggregation), key, isKeyless: fields.isEmpty, full)
        emitUpdate(aggregation, update.aggregation, value, increment, done)
        if !fields.isEmpty {
            assembler.emit(.jump(done))
            assembler.place(full)
            emitLoss(.aggregations)
        } else {
            assembler.place(full)
        }
        assembler.place(done)
        frame.freeBlock(key)
        frame.free(value)
        frame.free(increment)
    }

    /// Leaves the value, or the number of its bucket, and the increment in their slots.
    private mutating func emitOperands(
        _ update: AggregationUpdate, _ function: Aggregation.Function, _ value: StackSlot, _ increment: StackSlot,
        at position: SourcePosition
    ) throws(Diagnostic) {
        if let expression = update.value {
            try evaluate(expression)
            switch function {
            case .quantize: emitPowerBucket()
            case .linear(let low, let high, let step):
                guard let buckets = LinearBuckets(from: low, to: high, step: step) else {
                    throw Diagnostic("the limits and the step of lquantize() give no buckets", at: position)
                }
                emitBucket(buckets)
            case .logarithmic(let factor, let low, let high, let steps):
                guard let buckets = LogLinearBuckets(factor: factor, from: low, through: high, steps: steps) else {
                    throw Diagnostic("the arguments of llquantize() give no buckets", at: position)
                }
                emitBucket(buckets)
            default: break
            }
            assembler.emit(.store(.double, .r0, to: value))
        }
        if let expression = update.increment {
            try evaluate(expression)
            assembler.emit(.store(.double, .r0, to: increment))
        } else {
            assembler.emit(.store(.double, 1, to: increment))
        }
    }

    /// r0: the address of the key's state; a key that is new gets zeros first.
    private mutating func emitLookup(_ map: String, _ key: StackSlot, isKeyless: Bool, _ full: Label) {
        let found = assembler.makeLabel("found")
        emitLookup(map, key)
        guard !isKeyless else { return assembler.emit(.jump64(.equal, .r0, 0, to: full)) }
        assembler.emit(.jump64(.notEqual, .r0, 0, to: found))
        emitNewValue(map, key)
        assembler.emit(.jump64(.equal, .r0, 0, to: full))
        assembler.place(found)
    }

    /// r0: the address of the state. A firing may interrupt another one on its CPU, so counts are added atomically.
    private mutating func emitUpdate(
        _ aggregation: Aggregation, _ index: Int, _ value: StackSlot, _ increment: StackSlot, _ done: Label
    ) {
        func add(_ slot: StackSlot, to word: Int16) {
            assembler.emit(.load(.double, .r1, from: slot))
            assembler.emit(.atomic(.add, .double, .r1, at: .r0, 8 * word))
        }
        switch aggregation.function {
        case .count: add(increment, to: 0)
        case .sum: add(value, to: 0)
        case .average:
            add(increment, to: 0)
            add(value, to: 1)
        case .minimum, .maximum: emitExtreme(aggregation, index, value)
        case .deviation:
            add(increment, to: 0)
            add(value, to: 1)
            emitSquare(value)
        case .quantize, .linear, .logarithmic:
            let buckets = Int32(program.words(of: aggregation.function))
            assembler.emit(.load(.double, .r1, from: value))
            assembler.emit(.jump64(.greaterOrEqual, .r1, buckets, to: done))
            assembler.emit(.arithmetic64(.shiftLeft, .r1, 3))
            assembler.emit(.arithmetic64(.add, .r0, .r1))
            add(increment, to: 0)
        }
    }
}
