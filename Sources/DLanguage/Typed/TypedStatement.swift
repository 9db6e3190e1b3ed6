/// A statement of a clause, in program order.
public struct TypedStatement: Hashable, Sendable {
    public var position: SourcePosition
    public var form: Form

    public init(_ form: Form, at position: SourcePosition) {
        self.form = form
        self.position = position
    }

    public enum Form: Hashable, Sendable {
        /// For its effect.
        case evaluate(TypedExpression)
        case aggregate(AggregationUpdate)

        case trace(TypedExpression)
        case printf(Format, [TypedExpression])
        /// Bytes at a kernel address: `size` of them, or as many as `length` says and at most `size`.
        case tracemem(TypedExpression, size: Int, length: TypedExpression?)
        /// `print(expression)`: with the names of the members of its type.
        case print(TypedExpression)
        case stack(frames: Int)

        /// Aggregations are indices into `TypedProgram.aggregations`. Without a format: default rows.
        case printa(Format?, [Int])
        case clear(Int)
        /// Nil: all keys. Negative: keeps the last ones.
        case trunc(Int, TypedExpression?)
        case normalize(Int, TypedExpression)
        case denormalize(Int)

        case exit(TypedExpression)
        case speculate(TypedExpression)
        case commit(TypedExpression)
        case discard(TypedExpression)

        case setopt(name: String, value: String?)
        case freopen(Format, [TypedExpression])
        /// `ftruncate()`: empties the output file.
        case ftruncate
        /// Destructive: only with `-w`.
        case system(Format, [TypedExpression])
        case stop
        case raise(TypedExpression)
        case panic
        case breakpoint
        case chill(TypedExpression)
        /// `pcap(skb, name)`: writes the packet to a file.
        case pcap(TypedExpression, name: TypedExpression)
        /// A clause without a body: traces that the probe fired.
        case fired
    }
}

/// `@name[keys] = function(arguments)`
public struct AggregationUpdate: Hashable, Sendable {
    /// Index into `TypedProgram.aggregations`.
    public var aggregation: Int
    /// Converted to the aggregation's key types already.
    public var keys: [TypedExpression]
    /// Converted to 64 bits; nil for count.
    public var value: TypedExpression?
    /// Of quantize, lquantize, llquantize: the amount to add to the value's bucket, 1 if nil.
    public var increment: TypedExpression?

    public init(aggregation: Int, keys: [TypedExpression], value: TypedExpression?, increment: TypedExpression? = nil) {
        self.aggregation = aggregation
        self.keys = keys
        self.value = value
        self.increment = increment
    }
}
