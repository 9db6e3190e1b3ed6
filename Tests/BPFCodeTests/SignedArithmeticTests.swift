import BPFCode
import CodeInterpreter
import Testing

/// Signed forms, which are put together from unsigned ones, compared with Swift's.
@Suite struct SignedArithmeticTests {
    private static let numbers: [Int64] = [
        0, 1, -1, 2, -2, 3, 7, -7, 100, -100, Int64(Int32.max), Int64(Int32.min), Int64(Int32.max) + 1, -4_000_000_000,
        .max, .min, .min + 1,
    ]

    private func result(_ left: Int64, _ right: Int64, _ emit: (inout Assembler) -> Void) throws -> Int64 {
        var assembler = Assembler()
        assembler.emit(.constant(.r1, UInt64(bitPattern: left)))
        assembler.emit(.constant(.r2, UInt64(bitPattern: right)))
        emit(&assembler)
        assembler.emit(.arithmetic64(.move, .r0, .r1))
        assembler.emit(.exit)
        var kernel = ModelKernel()
        return Int64(bitPattern: try assembler.finished().run(&kernel))
    }

    @Test(arguments: numbers) func divisionIsTowardsZero(left: Int64) throws {
        for right in Self.numbers {
            let quotient = try result(left, right) { $0.divideSigned(.double, .r1, by: .r2, scratch: (.r3, .r4)) }
            #expect(quotient == (right == 0 ? 0 : left.dividedReportingOverflow(by: right).partialValue))
            let remainder = try result(left, right) { $0.moduloSigned(.double, .r1, by: .r2, scratch: (.r3, .r4)) }
            let expected = left.remainderReportingOverflow(dividingBy: right).partialValue
            #expect(remainder == (right == 0 ? left : expected), "\(left) % \(right)")
        }
    }

    @Test(arguments: numbers) func wordsDivideAlike(left: Int64) throws {
        let (left32, all) = (Int32(truncatingIfNeeded: left), Self.numbers.map { Int32(truncatingIfNeeded: $0) })
        func word(_ number: Int32) -> Int64 { Int64(UInt32(bitPattern: number)) }
        for right in all {
            let quotient = try result(word(left32), word(right)) {
                $0.divideSigned(.word, .r1, by: .r2, scratch: (.r3, .r4))
            }
            #expect(quotient == (right == 0 ? 0 : word(left32.dividedReportingOverflow(by: right).partialValue)))
            let remainder = try result(word(left32), word(right)) {
                $0.moduloSigned(.word, .r1, by: .r2, scratch: (.r3, .r4))
            }
            let expected = left32.remainderReportingOverflow(dividingBy: right).partialValue
            #expect(remainder == word(right == 0 ? left32 : expected), "\(left32) % \(right)")
        }
    }

    @Test(arguments: numbers) func signsAreExtended(number: Int64) throws {
        #expect(try result(number, 0) { $0.extendSign(.r1, bits: 8) } == Int64(Int8(truncatingIfNeeded: number)))
        #expect(try result(number, 0) { $0.extendSign(.r1, bits: 16) } == Int64(Int16(truncatingIfNeeded: number)))
        #expect(try result(number, 0) { $0.extendSign(.r1, bits: 32) } == Int64(Int32(truncatingIfNeeded: number)))
    }

    @Test(arguments: Instruction.Condition.allCases) func comparisonsAreThoseOfSwift(condition: Instruction.Condition)
        throws
    {
        for left in Self.numbers {
            for right in Self.numbers {
                let answer = try result(left, right) {
                    let end = $0.makeLabel()
                    $0.emit(.arithmetic64(.move, .r3, .r1))
                    $0.emit(.arithmetic64(.move, .r1, 1))
                    $0.emit(.jump64(condition, .r3, .r2, to: end))
                    $0.emit(.arithmetic64(.move, .r1, 0))
                    $0.place(end)
                }
                #expect((answer == 1) == condition.holds(left, right), "\(left) \(condition) \(right)")
                guard let opposite = condition.opposite else { continue }
                #expect(opposite.holds(left, right) != condition.holds(left, right))
            }
        }
    }
}

extension Instruction.Condition {
    fileprivate func holds(_ left: Int64, _ right: Int64) -> Bool {
        let (a, b) = (UInt64(bitPattern: left), UInt64(bitPattern: right))
        return switch self {
        case .equal: a == b
        case .notEqual: a != b
        case .greater: a > b
        case .greaterOrEqual: a >= b
        case .less: a < b
        case .lessOrEqual: a <= b
        case .anyBitSet: a & b != 0
        case .signedGreater: left > right
        case .signedGreaterOrEqual: left >= right
        case .signedLess: left < right
        case .signedLessOrEqual: left <= right
        }
    }
}
