@testable import FilterLanguage
import Protocols

/// The meaning of an expression, worked out step by step from the tree, without the program of FilterEvaluator: every
/// path is looked for among all choices of headers, and values are optional numbers of 128 bits.
struct NaiveEvaluator {
    let packet: [UInt8]
    let layers: [Layer]

    init(_ packet: [UInt8], from first: ProtocolNumber, length: Int? = nil) {
        self.packet = packet
        layers = PacketLayers(packet.span.bytes, from: first, length: length).layers
    }

    func isTrue(_ expression: FilterExpression, tried: Int = 0) -> Bool {
        value(expression, tried).map { $0 != 0 } ?? false
    }

    private func value(_ expression: FilterExpression, _ tried: Int) -> Int128? {
        switch expression {
        case .constant(let bits, let isWide):
            return isWide ? Int128(bitPattern: bits) : Int128(Int64(truncatingIfNeeded: bits))
        case .field(let reference): return read(reference, tried).number.map { Int128(bitPattern: $0) }
        case .headers(let path): return find(path, tried) == nil ? 0 : 1
        case .presence(_, let fields):
            return fields.contains { field in
                switch read(field, tried) {
                case .number, .bytes: true
                default: false
                }
            } ? 1 : 0
        case .unary(.not, let operand): return isTrue(operand, tried: tried) ? 0 : 1
        case .unary(.complement, let operand): return value(operand, tried).map { -1 - $0 }
        case .unary(_, let operand): return value(operand, tried).map { wrapped(-$0) }
        case .binary(let operation, let left, let right):
            return binary(operation, left, right, tried)
        case .anyPacket(let inside):
            return (0...(layers.map(\.depth).max() ?? 0)).contains { isTrue(inside, tried: $0) } ? 1 : 0
        }
    }

    private func binary(
        _ operation: FilterOperator, _ left: FilterExpression, _ right: FilterExpression, _ tried: Int
    ) -> Int128? {
        switch operation {
        case .and: return isTrue(left, tried: tried) && isTrue(right, tried: tried) ? 1 : 0
        case .or: return isTrue(left, tried: tried) || isTrue(right, tried: tried) ? 1 : 0
        case .sequence: return value(right, tried)
        default: break
        }
        guard let one = value(left, tried), let other = value(right, tried) else {
            return operation.isComparison ? 0 : nil
        }
        if operation.isComparison {
            let isWide = left.isWide || right.isWide
            let (low, high) = (UInt128(bitPattern: one), UInt128(bitPattern: other))
            let order = one == other ? 0 : (isWide ? low < high : one < other) ? -1 : 1
            return switch operation {
            case .equal: order == 0 ? 1 : 0
            case .notEqual: order != 0 ? 1 : 0
            case .less: order < 0 ? 1 : 0
            case .lessOrEqual: order <= 0 ? 1 : 0
            case .greater: order > 0 ? 1 : 0
            default: order >= 0 ? 1 : 0
            }
        }
        switch operation {
        case .bitAnd: return one & other
        case .bitOr: return one | other
        case .bitXor: return one ^ other
        case .add: return wrapped(one + other)
        case .subtract: return wrapped(one - other)
        case .multiply: return wrapped(one * other)
        case .divide: return other == 0 ? nil : wrapped(one / other)
        case .remainder: return other == 0 ? nil : one % other
        default: return shifted(one, by: count(other), isLeft: operation == .shiftLeft)
        }
    }

    /// The lowest 64 bits, with their sign.
    private func wrapped(_ value: Int128) -> Int128 { Int128(Int64(truncatingIfNeeded: value)) }

    private func shifted(_ value: Int128, by count: Int, isLeft: Bool) -> Int128 {
        var value = value
        for _ in 0..<count {
            if isLeft {
                value = wrapped(value * 2)
            } else {
                value = value >= 0 ? value / 2 : (value - 1) / 2
            }
        }
        return value
    }

    /// From 0 to 63, also of negative numbers.
    private func count(_ shift: Int128) -> Int {
        let rest = Int(shift % 64)
        return rest < 0 ? rest + 64 : rest
    }

    private func read(_ reference: FieldReference, _ tried: Int) -> FieldReading {
        guard let layer = find(reference.path, tried) else { return .absent }
        return reference.field.read(PacketLayers.header(of: layer, in: packet.span.bytes))
    }

    /// The last header of the first of all choices of headers that obey the rules of a path.
    private func find(_ path: HeaderPath, _ tried: Int) -> Layer? {
        var choices: [[Int]] = layers.indices.map { [$0] }
        for _ in path.places.dropFirst() {
            choices = choices.flatMap { choice in
                (choice.last! + 1..<max(choice.last! + 1, layers.count)).map { choice + [$0] }
            }
        }
        let depth = if case .depth(let depth) = path.base { depth } else { tried }
        let match = choices.first { choice in
            layers[choice[0]].depth == depth && zip(choice, path.places).allSatisfy { layers[$0].place == $1 }
                && zip(choice, choice.dropFirst()).allSatisfy(isStep)
        }
        return match.map { layers[$0.last!] }
    }

    private func isStep(_ from: Int, _ to: Int) -> Bool {
        if layers[to].depth == layers[from].depth { return true }
        guard layers[to].depth == layers[from].depth + 1 else { return false }
        // Only headers before the first network header of the inner packet may lie between.
        return !(from + 1..<to).contains {
            layers[$0].depth > layers[from].depth && layers[$0].kind.base == .network
        }
    }
}
