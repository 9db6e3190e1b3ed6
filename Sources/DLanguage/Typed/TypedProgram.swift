/// A D program that is checked: no name is left to look up, each type is known.
public struct TypedProgram: Sendable {
    /// As they were given, then libraries of `-L`: for the lines of errors at run time. `SourcePosition.source` is an index.
    public var sources: [SourceText] = []
    public var types: TypeStore
    public var options = ProgramOptions()
    public var variables: [Variable] = []
    public var arrays: [AssociativeArray] = []
    public var aggregations: [Aggregation] = []
    /// In program order. A clause whose probes have different arguments is there once per kind of arguments.
    public var clauses: [TypedClause] = []

    public init(types: TypeStore) { self.types = types }
}

public enum VariableScope: String, Hashable, Sendable {
    case global
    /// `self->name`: one per thread and interrupt level.
    case thread = "self"
    /// `this->name`: one per firing, shared by the firing's clauses; zero at its start.
    case clause = "this"
}

/// A scalar, text, struct or array; zero at the start.
public struct Variable: Hashable, Sendable {
    public var name: String
    public var scope: VariableScope
    public var type: DType
    /// Counts from 0 in each scope.
    public var slot: Int
    public var position: SourcePosition

    public init(
        name: String, scope: VariableScope, type: DType, slot: Int, position: SourcePosition = .none
    ) {
        self.name = name
        self.scope = scope
        self.type = type
        self.slot = slot
        self.position = position
    }
}

/// `name[keys]`: assigning 0 to an element removes it.
public struct AssociativeArray: Hashable, Sendable {
    public var name: String
    /// `.global` or `.thread`.
    public var scope: VariableScope
    public var keys: [DType]
    public var element: DType
    public var slot: Int
    public var position: SourcePosition

    public init(
        name: String, scope: VariableScope, keys: [DType], element: DType, slot: Int, position: SourcePosition = .none
    ) {
        self.name = name
        self.scope = scope
        self.keys = keys
        self.element = element
        self.slot = slot
        self.position = position
    }
}

public struct Aggregation: Hashable, Sendable {
    public enum Function: Hashable, Sendable {
        case count, sum, average, minimum, maximum, deviation
        case quantize
        case linear(low: Int64, high: Int64, step: Int64)
        case logarithmic(factor: Int64, low: Int64, high: Int64, steps: Int64)
    }

    /// `_` for the one that is spelled `@`.
    public var name: String
    public var function: Function
    public var keys: [DType]
    /// Whether the values that it gets are signed; the first use decides.
    public var isSigned: Bool
    public var position: SourcePosition

    public init(
        name: String, function: Function, keys: [DType], isSigned: Bool, position: SourcePosition = .none
    ) {
        self.name = name
        self.function = function
        self.keys = keys
        self.isSigned = isSigned
        self.position = position
    }
}

/// One part of `probe, probe /predicate/ { … }` after the other: the probes whose arguments have the same types.
public struct TypedClause: Hashable, Sendable {
    /// Number of the clause in the program's text; parts of one clause share it.
    public var number: Int
    public var probes: [ProbeDescription]
    public var signature: ProbeSignature
    /// Scalar; nil: always.
    public var predicate: TypedExpression?
    public var statements: [TypedStatement]
    public var position: SourcePosition

    public init(
        number: Int, probes: [ProbeDescription], signature: ProbeSignature, predicate: TypedExpression? = nil,
        statements: [TypedStatement], position: SourcePosition = .none
    ) {
        self.number = number
        self.probes = probes
        self.signature = signature
        self.predicate = predicate
        self.statements = statements
        self.position = position
    }
}

/// `provider:module:function:name` with globs; an empty part stands for any.
public struct ProbeDescription: Hashable, Sendable, CustomStringConvertible {
    public var provider: String
    public var module: String
    public var function: String
    public var name: String
    /// `-i`, or a number in place of a description.
    public var identifier: Int?
    public var position: SourcePosition

    public init(
        provider: String = "", module: String = "", function: String = "", name: String = "", identifier: Int? = nil,
        position: SourcePosition = .none
    ) {
        self.provider = provider
        self.module = module
        self.function = function
        self.name = name
        self.identifier = identifier
        self.position = position
    }

    public var description: String {
        identifier.map(String.init) ?? "\(provider):\(module):\(function):\(name)"
    }
}

/// The values that a probe gives to its clauses.
public struct ProbeSignature: Hashable, Sendable {
    /// `args[N]`.
    public var arguments: [ProbeArgument]
    /// `arg0` … `arg9`.
    public var words: [ProbeInput]

    public init(arguments: [ProbeArgument] = [], words: [ProbeInput] = []) {
        self.arguments = arguments
        self.words = words
    }
}

/// A type of `args[N]`. If `translated` is nil, it is the input as it is.
public struct ProbeArgument: Hashable, Sendable {
    public var input: ProbeInput
    /// Of the input.
    public var type: DType
    /// The name of the type that a translator makes of the input (`ipinfo_t`); args[N] is a pointer to it.
    public var translated: String?

    public init(_ input: ProbeInput, _ type: DType, translated: String? = nil) {
        self.input = input
        self.type = type
        self.translated = translated
    }
}
