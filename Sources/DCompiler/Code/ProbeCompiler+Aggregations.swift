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
        emitUpdate(aggregation, value, increment, done)
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
        assembler.emit(.map(.r1, named: map))
        assembler.emitAddress(.r2, of: key)
        assembler.emit(.mapValue(.r3, ofMap: MapNames.zeros, offset: 0))
        // BPF_NOEXIST: another CPU may have been faster.
        assembler.emit(.arithmetic64(.move, .r4, 1))
        assembler.emit(.call(.mapUpdateElem))
        emitLookup(map, key)
        assembler.emit(.jump64(.equal, .r0, 0, to: full))
        assembler.place(found)
    }

    private mutating func emitLookup(_ map: String, _ key: StackSlot) {
        assembler.emit(.map(.r1, named: map))
        assembler.emitAddress(.r2, of: key)
        assembler.emit(.call(.mapLookupElem))
    }

    /// r0: the address of the state. A firing may interrupt another one on its CPU, so counts are added atomically.
    private mutating func emitUpdate(
        _ aggregation: Aggregation, _ value: StackSlot, _ increment: StackSlot, _ done: Label
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
        case .minimum, .maximum:
            let store = assembler.makeLabel("store")
            let isMinimum = aggregation.function == .minimum
            assembler.emit(.load(.double, .r1, from: value))
            assembler.emit(.load(.double, .r2, from: .r0, 0))
            assembler.emit(.jump64(.equal, .r2, 0, to: store))
            assembler.emit(.load(.double, .r2, from: .r0, 8))
            let condition: Instruction.Condition =
                aggregation.isSigned
                ? (isMinimum ? .signedGreaterOrEqual : .signedLessOrEqual)
                : (isMinimum ? .greaterOrEqual : .lessOrEqual)
            let count = assembler.makeLabel("count")
            assembler.emit(.jump64(condition, .r1, .r2, to: count))
            assembler.place(store)
            assembler.emit(.store(.double, .r1, to: .r0, 8))
            assembler.place(count)
            add(increment, to: 0)
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

    /// Adds the square, 128 bits, to the last two words of the state at r0.
    private mutating func emitSquare(_ value: StackSlot) {
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

    // MARK: Buckets

    /// r0: a value → the number of its bucket.
    private mutating func emitPowerBucket() {
        let function = bucketFunction ?? assembler.makeLabel("power_bucket")
        bucketFunction = function
        assembler.emit(.arithmetic64(.move, .r1, .r0))
        assembler.emit(.callFunction(function))
    }

    private mutating func emitBucket(_ buckets: LinearBuckets) {
        let done = assembler.makeLabel("bucket")
        let inRange = assembler.makeLabel("in_range")
        assembler.emit(.arithmetic64(.move, .r1, .r0))
        assembler.emit(.arithmetic64(.move, .r0, 0))
        assembler.emitConstant(.r2, UInt64(bitPattern: buckets.base))
        assembler.emit(.jump64(.signedLess, .r1, .r2, to: done))
        assembler.emit(.arithmetic64(.move, .r0, .r1))
        assembler.emit(.arithmetic64(.subtract, .r0, .r2))
        assembler.emitConstant(.r2, UInt64(buckets.step))
        assembler.emit(.arithmetic64(.divide, .r0, .r2))
        assembler.emit(.jump64(.lessOrEqual, .r0, Int32(buckets.levels), to: inRange))
        assembler.emit(.arithmetic64(.move, .r0, Int32(buckets.levels)))
        assembler.place(inRange)
        assembler.emit(.arithmetic64(.add, .r0, 1))
        assembler.place(done)
    }

    /// A binary search of the bounds, as a tree of comparisons.
    private mutating func emitBucket(_ buckets: LogLinearBuckets) {
        let done = assembler.makeLabel("bucket")
        let magnitude = assembler.makeLabel("magnitude")
        assembler.emit(.arithmetic64(.move, .r1, .r0))
        assembler.emit(.arithmetic64(.move, .r3, .r0))
        assembler.emit(.jump64(.signedGreaterOrEqual, .r1, 0, to: magnitude))
        assembler.emit(.negate(.double, .r1))
        assembler.place(magnitude)
        emitSearch(buckets.bounds, passed: 0..<buckets.bounds.count + 1, done)
        assembler.place(done)
        let positive = assembler.makeLabel("positive")
        assembler.emit(.jump64(.signedGreaterOrEqual, .r3, 0, to: positive))
        assembler.emit(.negate(.double, .r0))
        assembler.place(positive)
        assembler.emit(.arithmetic64(.add, .r0, Int32(buckets.middle)))
    }

    /// r0: how many bounds r1 has reached.
    private mutating func emitSearch(_ bounds: [Int64], passed: Range<Int>, _ done: Label) {
        guard passed.count > 1 else {
            assembler.emit(.arithmetic64(.move, .r0, Int32(passed.lowerBound)))
            return assembler.emit(.jump(done))
        }
        let middle = passed.lowerBound + passed.count / 2
        let upper = assembler.makeLabel("upper")
        assembler.emitConstant(.r2, UInt64(bitPattern: bounds[middle - 1]))
        assembler.emit(.jump64(.greaterOrEqual, .r1, .r2, to: upper))
        emitSearch(bounds, passed: passed.lowerBound..<middle, done)
        assembler.place(upper)
        emitSearch(bounds, passed: middle..<passed.upperBound, done)
    }

    /// Functions that the program calls, after its end.
    mutating func emitFunctions() {
        guard let bucketFunction else { return }
        assembler.place(bucketFunction)
        assembler.note("the bucket of quantize(): 63 for 0, 64 for 1, 65 for 2 and 3, 62 for -1 …")
        let zero = assembler.makeLabel("zero")
        let negative = assembler.makeLabel("negative")
        assembler.emit(.arithmetic64(.move, .r0, Int32(PowerBuckets.zero)))
        assembler.emit(.jump64(.equal, .r1, 0, to: zero))
        assembler.emit(.arithmetic64(.move, .r2, .r1))
        assembler.emit(.arithmetic64(.shiftRightSigned, .r2, 63))
        assembler.emit(.arithmetic64(.xor, .r1, .r2))
        assembler.emit(.arithmetic64(.subtract, .r1, .r2))
        assembler.emit(.arithmetic64(.move, .r0, 0))
        for bits: Int32 in [32, 16, 8, 4, 2, 1] {
            let small = assembler.makeLabel("small")
            assembler.emit(.arithmetic64(.move, .r3, .r1))
            assembler.emit(.arithmetic64(.shiftRight, .r3, bits))
            assembler.emit(.jump64(.equal, .r3, 0, to: small))
            assembler.emit(.arithmetic64(.add, .r0, bits))
            assembler.emit(.arithmetic64(.move, .r1, .r3))
            assembler.place(small)
        }
        assembler.emit(.jump64(.notEqual, .r2, 0, to: negative))
        assembler.emit(.arithmetic64(.add, .r0, Int32(PowerBuckets.zero + 1)))
        assembler.emit(.exit)
        assembler.place(negative)
        assembler.emit(.negate(.double, .r0))
        assembler.emit(.arithmetic64(.add, .r0, Int32(PowerBuckets.zero - 1)))
        assembler.emit(.jump64(.signedGreaterOrEqual, .r0, 0, to: zero))
        assembler.emit(.arithmetic64(.move, .r0, 0))
        assembler.place(zero)
        assembler.emit(.exit)
    }
}
