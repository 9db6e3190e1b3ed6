import BPFCode
import DLanguage

// Places of values in distributions.
extension ProbeCompiler {
    /// r0: a value → the number of its bucket.
    mutating func emitPowerBucket() {
        let function = bucketFunction ?? assembler.makeLabel("power_bucket")
        bucketFunction = function
        assembler.emit(.arithmetic64(.move, .r1, .r0))
        assembler.emit(.callFunction(function))
    }

    mutating func emitBucket(_ buckets: LinearBuckets) {
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
    mutating func emitBucket(_ buckets: LogLinearBuckets) {
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
