/// A value that a rule reads, with the operations on it before the comparison.
indirect enum Operand: Equatable, Sendable {
    case field(Field)
    case masked(Operand, UInt128)
    case shiftedLeft(Operand, Int)
    case shiftedRight(Operand, Int)
    case exclusiveOr(Operand, UInt128)
    case inclusiveOr(Operand, UInt128)
    case tuple([Operand])
    /// A value that cannot be read from a packet; the string describes it.
    case unknown(String)

    func read(in context: RuleContext) -> Reading {
        switch self {
        case .field(let field): context.read(field)
        case .masked(.field(.mark), let mask) where mask <= UInt128(UInt32.max):
            context.mark.masked(by: UInt32(mask)).map { .known(.number(UInt128($0))) } ?? context.read(.mark)
        case .masked(let operand, let mask): operand.number(in: context) { $0 & mask }
        case .shiftedLeft(let operand, let bits): operand.number(in: context) { $0 << UInt128(bits) }
        case .shiftedRight(let operand, let bits): operand.number(in: context) { $0 >> UInt128(bits) }
        case .exclusiveOr(let operand, let bits): operand.number(in: context) { $0 ^ bits }
        case .inclusiveOr(let operand, let bits): operand.number(in: context) { $0 | bits }
        case .tuple(let operands): Self.tuple(operands, in: context)
        case .unknown(let what): .unknown(what)
        }
    }

    private func number(in context: RuleContext, _ change: (UInt128) -> UInt128) -> Reading {
        switch read(in: context) {
        case .known(.number(let number)): .known(.number(change(number)))
        case .known: .unknown("arithmetic on a name")
        case let other: other
        }
    }

    private static func tuple(_ operands: [Operand], in context: RuleContext) -> Reading {
        var values: [Value] = []
        var reason: String?
        for operand in operands {
            switch operand.read(in: context) {
            case .known(let value): values.append(value)
            // An absent field ends the rule, regardless of the other operands.
            case .absent: return .absent
            case .unknown(let what): reason = reason ?? what
            }
        }
        return reason.map(Reading.unknown) ?? .known(.tuple(values))
    }
}

/// One test of a rule.
indirect enum Condition: Equatable, Sendable {
    enum Comparison: Equatable, Sendable {
        case equal, notEqual
        case less, greater, lessOrEqual, greaterOrEqual
        /// At least one of the bits is set; none of the bits is set.
        case anyBit, noBit
    }

    enum Choice: Equatable, Sendable {
        case patterns([Pattern])
        case named(NamedSet.Key)
    }

    case compare(Operand, Comparison, Choice)
    case all([Condition])
    case any([Condition])
    case not(Condition)
    case constant(Bool)
    case rate(RateLimit)
    case quota(Quota)
    case text(TextMatch)
    case ipset(IPSetMembership)
    /// Adds an element to a set for each packet; the rule continues unless the set is full.
    case fills(NamedSet.Key)
    case unknown(String)

    static func equal(_ field: Field, _ number: UInt128) -> Condition {
        .compare(.field(field), .equal, .patterns([.exact(.number(number))]))
    }

    func evaluate(in context: RuleContext) -> Ternary {
        switch self {
        case .constant(let value): return Ternary(value)
        case .unknown(let what): return .unknown([what])
        case .not(let condition): return !condition.evaluate(in: context)
        case .rate(let limit): return limit.evaluate(in: context)
        case .quota(let quota): return quota.evaluate(in: context)
        case .text(let text): return text.evaluate(in: context)
        case .ipset(let membership): return membership.evaluate(in: context)
        case .fills(let key): return context.sets[key]?.takesMore ?? .unknown(["whether the set @\(key.name) was full"])
        case .all(let conditions): return conditions.reduce(.yes) { $0 && $1.evaluate(in: context) }
        case .any(let conditions): return conditions.reduce(.no) { $0 || $1.evaluate(in: context) }
        case .compare(let operand, let comparison, let choice):
            switch operand.read(in: context) {
            case .absent: return .no
            case .unknown(let what):
                return contradicted(operand, comparison, choice, in: context) ?? .unknown([what])
            case .known(let value): return Self.compare(value, comparison, choice, in: context)
            }
        }
    }

    private static func compare(
        _ value: Value, _ comparison: Comparison, _ choice: Choice, in context: RuleContext
    ) -> Ternary {
        let patterns: [Pattern]
        switch choice {
        case .patterns(let list): patterns = list
        case .named(let key):
            guard let set = context.sets[key] else { return .unknown(["the set @\(key.name), which is not listed"]) }
            let member = set.contains(value, earlier: context.earlierSets[key], isListedAfter: context.isListedAfter)
            return comparison == .notEqual ? !member : member
        }
        switch comparison {
        case .equal: return patterns.matches(value)
        case .notEqual: return !patterns.matches(value)
        case .anyBit, .noBit:
            guard case .number(let number) = value, let bits = union(patterns) else {
                return .unknown(["the meaning of a list of bits"])
            }
            return Ternary((number & bits != 0) == (comparison == .anyBit))
        case .less, .greater, .lessOrEqual, .greaterOrEqual:
            guard case .number(let number) = value, case .exact(.number(let limit))? = patterns.first,
                patterns.count == 1
            else { return .unknown(["the meaning of a comparison"]) }
            let holds =
                switch comparison {
                case .less: number < limit
                case .greater: number > limit
                case .lessOrEqual: number <= limit
                default: number >= limit
                }
            return Ternary(holds)
        }
    }

    /// A partly known value may still exclude all numbers with which it is compared.
    private func contradicted(
        _ operand: Operand, _ comparison: Comparison, _ choice: Choice, in context: RuleContext
    ) -> Ternary? {
        if case .field(.connectionState) = operand, context.isTracked,
            case .patterns([Pattern.invalidConnection]) = choice
        {
            return Ternary(comparison == .notEqual || comparison == .noBit)
        }
        let mark = context.mark
        guard let mask = operand.markMask, comparison == .equal || comparison == .notEqual,
            case .patterns(let patterns) = choice
        else { return nil }
        for pattern in patterns {
            guard case .exact(.number(let number)) = pattern, mark.contradicts(number, mask: mask) else { return nil }
        }
        return Ternary(comparison == .notEqual)
    }

    private static func union(_ patterns: [Pattern]) -> UInt128? {
        var bits: UInt128 = 0
        for pattern in patterns {
            guard case .exact(.number(let number)) = pattern else { return nil }
            bits |= number
        }
        return bits
    }
}
