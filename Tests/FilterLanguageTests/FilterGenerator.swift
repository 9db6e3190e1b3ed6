@testable import FilterLanguage
import Protocols

/// Random expressions, each of which a filter could spell.
struct FilterGenerator {
    private var state: UInt64

    /// Those of the paths; nil for all, mostly those that many packets have.
    private let protocols: [String]?

    init(seed: UInt64, protocols: [String]? = nil) {
        state = seed
        self.protocols = protocols
    }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state >> 33
    }

    private static let edges: [Int64] = [
        0, 1, -1, 2, 6, 17, 53, 64, 80, 443, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x0a00_0001, .min, .max,
    ]
    private static let calculations: [FilterOperator] = [
        .add, .subtract, .multiply, .divide, .remainder, .shiftLeft, .shiftRight, .bitAnd, .bitOr, .bitXor,
    ]
    private static let comparisons: [FilterOperator] = [
        .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual,
    ]

    mutating func expression(depth: Int, in any: Bool = false) -> FilterExpression {
        guard depth > 0 else { return leaf(any) }
        switch next() % 8 {
        case 0: return .unary(.not, expression(depth: depth - 1, in: any))
        case 1, 2:
            let operation: FilterOperator = [.and, .or, .sequence][Int(next() % 3)]
            return .binary(operation, expression(depth: depth - 1, in: any), expression(depth: depth - 1, in: any))
        case 3 where !any: return .anyPacket(expression(depth: depth - 1, in: true))
        case 3, 4, 5:
            return .binary(
                Self.comparisons[Int(next() % 6)], expression(depth: depth - 1, in: any), leaf(any))
        case 6:
            let operation = Self.calculations[Int(next() % 10)]
            let (left, right) = (expression(depth: depth - 1, in: any), leaf(any))
            guard operation.takesWideValues || !left.isWide && !right.isWide else { return left }
            return .binary(operation, left, right)
        default:
            let operand = expression(depth: depth - 1, in: any)
            return .unary(operand.isWide || next() % 2 == 0 ? .complement : .negate, operand)
        }
    }

    private mutating func leaf(_ any: Bool) -> FilterExpression {
        if next() % 3 == 0 { return .number(Self.edges[Int(next() % UInt64(Self.edges.count))]) }
        var path = path(any)
        let place = path.places[path.places.count - 1]
        let fields = ProtocolTable.all[place].fields
        switch next() % 4 {
        case 0: return .headers(path)
        case 1:
            path.places = [place]
            fallthrough
        default:
            let index = Int(next() % UInt64(fields.count))
            let reference = FieldReference(path: path, place: place, index: index)
            if reference.field.isRun { return .presence(path, fields: [reference]) }
            return .field(reference)
        }
    }

    private mutating func path(_ any: Bool) -> HeaderPath {
        let common = protocols ?? ["ether", "ip", "ip6", "tcp", "udp", "icmp", "vlan", "gre", "vxlan"]
        let places = (0...next() % 2).map { _ -> Int in
            if protocols == nil, next() % 4 == 0 { return Int(next() % UInt64(ProtocolTable.all.count)) }
            return ProtocolTable.place(named: common[Int(next() % UInt64(common.count))]) ?? 0
        }
        let base: HeaderPath.Base = any && next() % 2 == 0 ? .any : .depth(Int(next() % 5 / 3))
        return HeaderPath(places: places, base: base)
    }
}
