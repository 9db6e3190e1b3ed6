import Protocols

/// An expression as steps of a stack machine: no recursion and no reference counts per packet.
struct FilterProgram: Sendable {
    enum Step: Sendable {
        /// Places in the lists of the program.
        case constant(Int), field(Int), headers(Int), presence(Int)
        case unary(FilterOperator)
        case binary(FilterOperator, isWide: Bool)
        /// The left side of `&&` or `||`: goes on at a step if it decides.
        case skipIfFalse(Int), skipIfTrue(Int)
        case drop
        /// The value as 1 or 0.
        case truth
        /// `any.` tries the outermost packet.
        case firstPacket
        /// `any.` tries the next packet, from a step on, until one matches.
        case nextPacket(Int)
    }

    private(set) var steps: [Step] = []
    private(set) var constants: [UInt128] = []
    private(set) var fields: [FieldLoad] = []
    private(set) var paths: [HeaderPath] = []
    private(set) var groups: [[FieldReference]] = []

    init(_ expression: FilterExpression) { append(expression) }

    private mutating func append(_ expression: FilterExpression) {
        switch expression {
        case .constant(let bits, _):
            steps.append(.constant(constants.count))
            constants.append(bits)
        case .field(let reference):
            steps.append(.field(fields.count))
            fields.append(FieldLoad(reference))
        case .headers(let path):
            steps.append(.headers(paths.count))
            paths.append(path)
        case .presence(_, let references):
            steps.append(.presence(groups.count))
            groups.append(references)
        case .unary(let operation, let operand):
            append(operand)
            steps.append(.unary(operation))
        case .binary(.and, let left, let right): append(left, right) { .skipIfFalse($0) }
        case .binary(.or, let left, let right): append(left, right) { .skipIfTrue($0) }
        case .binary(.sequence, let left, let right):
            append(left)
            steps.append(.drop)
            append(right)
        case .binary(let operation, let left, let right):
            append(left)
            append(right)
            steps.append(.binary(operation, isWide: left.isWide || right.isWide))
        case .anyPacket(let inside):
            steps.append(.firstPacket)
            let body = steps.count
            append(inside)
            steps.append(.nextPacket(body))
        }
    }

    /// `left`, then `right` unless `left` decides.
    private mutating func append(
        _ left: FilterExpression, _ right: FilterExpression, skip: (Int) -> Step
    ) {
        append(left)
        let place = steps.count
        steps.append(.drop)
        append(right)
        steps.append(.truth)
        steps[place] = skip(steps.count)
    }
}

/// A field whose value is read.
struct FieldLoad: Sendable {
    let reference: FieldReference
    /// Its bits, if they have a fixed place that no other field decides on.
    private let bits: ProtocolField.Bits?

    init(_ reference: FieldReference) {
        self.reference = reference
        bits = reference.field.condition == nil ? reference.field.fixedBits : nil
    }

    func read(_ layers: borrowing PacketLayers, _ bytes: RawSpan, tried: Int) -> UInt128? {
        guard let layer = reference.path.find(in: layers, tried: tried) else { return nil }
        let header = PacketLayers.header(of: layer, in: bytes)
        if let bits { return header.bits(bits) }
        return reference.field.read(header).number
    }
}
