public import Protocols

/// Decides whether a packet matches, without memory of its own per packet.
///
/// A field that the packet does not have or that was not captured has no value. An operator without a value for one of its
/// operands has none, but a comparison is false then, and `!`, `&&` and `||` take it for false. Dividing by zero has no
/// value either.
public struct FilterEvaluator: Sendable {
    private let program: FilterProgram
    private var stack: [Slot] = []
    /// Truth of one operand, with its value if it has one.
    private struct Slot {
        var bits: UInt128
        var hasValue: Bool

        static let none = Slot(bits: 0, hasValue: false)

        static func truth(_ isTrue: Bool) -> Slot { Slot(bits: isTrue ? 1 : 0, hasValue: true) }

        var isTrue: Bool { hasValue && bits != 0 }
    }

    public init(_ expression: FilterExpression) {
        program = FilterProgram(expression)
        stack.reserveCapacity(program.steps.count + 1)
    }

    /// Whether the filter's value is not zero.
    public mutating func matches(_ layers: borrowing PacketLayers, _ bytes: RawSpan) -> Bool {
        run(layers, bytes).isTrue
    }

    /// The value: a number with its sign extended to 128 bits, or an address; nil if the packet has no such field.
    public mutating func value(_ layers: borrowing PacketLayers, _ bytes: RawSpan) -> UInt128? {
        let result = run(layers, bytes)
        return result.hasValue ? result.bits : nil
    }

    private mutating func run(_ layers: borrowing PacketLayers, _ bytes: RawSpan) -> Slot {
        stack.removeAll(keepingCapacity: true)
        var tried = 0
        var index = 0
        while index < program.steps.count {
            switch program.steps[index] {
            case .constant(let place): stack.append(Slot(bits: program.constants[place], hasValue: true))
            case .field(let place):
                let value = program.fields[place].read(layers, bytes, tried: tried)
                stack.append(value.map { Slot(bits: $0, hasValue: true) } ?? .none)
            case .headers(let place): stack.append(.truth(program.paths[place].find(in: layers, tried: tried) != nil))
            case .presence(let place):
                let isPresent = program.groups[place].contains { Self.isPresent($0, layers, bytes, tried) }
                stack.append(.truth(isPresent))
            case .unary(let operation): stack.append(Self.unary(operation, pop()))
            case .binary(let operation, let isWide):
                let right = pop()
                stack.append(Self.binary(operation, isWide: isWide, pop(), right))
            case .skipIfFalse(let target): if decide(skipping: false) { index = target - 1 }
            case .skipIfTrue(let target): if decide(skipping: true) { index = target - 1 }
            case .drop: _ = pop()
            case .truth: stack.append(.truth(pop().isTrue))
            case .firstPacket: tried = 0
            case .nextPacket(let body):
                let isTrue = pop().isTrue
                if !isTrue, tried < layers.layers.last?.depth ?? 0 {
                    tried += 1
                    index = body - 1
                } else {
                    tried = 0
                    stack.append(.truth(isTrue))
                }
            }
            index += 1
        }
        return pop()
    }

    private mutating func pop() -> Slot { stack.popLast() ?? .none }

    /// Leaves 1 or 0 and returns true if the left side of `&&` or `||` decides; otherwise leaves nothing.
    private mutating func decide(skipping value: Bool) -> Bool {
        let isTrue = pop().isTrue
        guard isTrue == value else { return false }
        stack.append(.truth(isTrue))
        return true
    }

    private static func isPresent(
        _ reference: FieldReference, _ layers: borrowing PacketLayers, _ bytes: RawSpan, _ tried: Int
    ) -> Bool {
        guard let layer = reference.path.find(in: layers, tried: tried) else { return false }
        return switch reference.field.read(PacketLayers.header(of: layer, in: bytes)) {
        case .number, .bytes: true
        case .absent, .truncated, .malformed: false
        }
    }

    private static func unary(_ operation: FilterOperator, _ operand: Slot) -> Slot {
        switch operation {
        case .not: return .truth(!operand.isTrue)
        case .complement: return Slot(bits: ~operand.bits, hasValue: operand.hasValue)
        default: return Slot(bits: extended(0 &- number(operand)), hasValue: operand.hasValue)
        }
    }

    private static func binary(_ operation: FilterOperator, isWide: Bool, _ left: Slot, _ right: Slot) -> Slot {
        if operation == .sequence { return right }
        guard left.hasValue, right.hasValue else { return operation.isTest ? .truth(false) : .none }
        let (one, other) = (left.bits, right.bits)
        let order = isWide ? one < other : Int128(bitPattern: one) < Int128(bitPattern: other)
        switch operation {
        case .equal: return .truth(one == other)
        case .notEqual: return .truth(one != other)
        case .less: return .truth(order)
        case .greaterOrEqual: return .truth(!order)
        case .lessOrEqual: return .truth(order || one == other)
        case .greater: return .truth(!order && one != other)
        case .bitAnd: return Slot(bits: one & other, hasValue: true)
        case .bitOr: return Slot(bits: one | other, hasValue: true)
        case .bitXor: return Slot(bits: one ^ other, hasValue: true)
        default:
            guard let result = calculate(operation, number(left), number(right)) else { return .none }
            return Slot(bits: extended(result), hasValue: true)
        }
    }

    private static func number(_ slot: Slot) -> Int64 { Int64(truncatingIfNeeded: slot.bits) }

    private static func extended(_ value: Int64) -> UInt128 { UInt128(truncatingIfNeeded: value) }

    /// Shifts count modulo 64, as on all processors that nettrace runs on and in BPF.
    private static func calculate(_ operation: FilterOperator, _ one: Int64, _ other: Int64) -> Int64? {
        switch operation {
        case .add: one &+ other
        case .subtract: one &- other
        case .multiply: one &* other
        case .divide: other == 0 ? nil : one.dividedReportingOverflow(by: other).partialValue
        case .remainder: other == 0 ? nil : one.remainderReportingOverflow(dividingBy: other).partialValue
        case .shiftLeft: one &<< other
        case .shiftRight: one &>> other
        default: nil
        }
    }
}
