/// The program as it is written: names are not looked up yet.
struct ExpressionSyntax: Sendable {
    indirect enum Form: Sendable {
        case name(String)
        case symbol(String)
        case aggregation(String)
        case integer(UInt64, IntegerType)
        case text([UInt8])
        /// `self->name`, `this->name`
        case scoped(VariableScope, String)
        case index(ExpressionSyntax, [ExpressionSyntax])
        case call(ExpressionSyntax, [ExpressionSyntax])
        case member(ExpressionSyntax, String, isArrow: Bool)
        case increment(ExpressionSyntax, BinaryOperator, isPrefix: Bool)
        case unary(UnaryOperator, ExpressionSyntax)
        case plus(ExpressionSyntax)
        case addressOf(ExpressionSyntax)
        case dereference(ExpressionSyntax)
        case cast(TypeSyntax, ExpressionSyntax)
        case binary(BinaryOperator, ExpressionSyntax, ExpressionSyntax)
        case logical(LogicalOperator, ExpressionSyntax, ExpressionSyntax)
        case conditional(ExpressionSyntax, ExpressionSyntax, ExpressionSyntax)
        case assign(BinaryOperator?, ExpressionSyntax, ExpressionSyntax)
        case comma([ExpressionSyntax])
        case sizeofType(TypeSyntax)
        case sizeofValue(ExpressionSyntax)
        case offsetof(TypeSyntax, String)
        case stringof(ExpressionSyntax)
        case translate(TypeSyntax, ExpressionSyntax)
    }

    var form: Form
    var position: SourcePosition
    /// Nodes on the longest path down: bounds all recursion over the tree.
    var depth: Int
}

/// A type's name: specifiers, then stars and brackets around nothing.
struct TypeSyntax: Sendable {
    indirect enum Form: Sendable {
        case type(DType)
        case named(String)
        case structure(isUnion: Bool, tag: String?, members: [DeclarationSyntax]?)
        case enumeration(tag: String?, values: [(name: String, value: ExpressionSyntax?, position: SourcePosition)]?)
    }

    var form: Form
    var declarator = DeclaratorSyntax()
    var position: SourcePosition
}

/// The parts of a declarator around the declared name.
struct DeclaratorSyntax: Sendable {
    enum Part: Sendable {
        case pointer
        case array(ExpressionSyntax?)
        /// `[int, string]`: an associative array.
        case keys([TypeSyntax])
        case function
    }

    var name: String?
    var position: SourcePosition?
    /// From the name outwards.
    var parts: [Part] = []
    var bits: ExpressionSyntax?
}

struct DeclarationSyntax: Sendable {
    enum Storage: Sendable { case none, typedef, external, thread, clause }

    var storage = Storage.none
    var type: TypeSyntax
    var declarators: [DeclaratorSyntax]
    var position: SourcePosition
}

struct InlineSyntax: Sendable {
    var name: String
    var type: TypeSyntax
    /// Nil: written without brackets.
    var parameters: [(type: TypeSyntax, name: String)]?
    var value: ExpressionSyntax
    var position: SourcePosition
}

struct TranslatorSyntax: Sendable {
    var output: TypeSyntax
    var input: TypeSyntax
    var parameter: String
    var members: [(name: String, value: ExpressionSyntax, position: SourcePosition)]
    var position: SourcePosition
}

struct ClauseSyntax: Sendable {
    var probes: [ProbeDescription]
    var predicate: ExpressionSyntax?
    /// Nil: a probe description alone.
    var statements: [ExpressionSyntax]?
    var position: SourcePosition
}

enum ItemSyntax: Sendable {
    case declaration(DeclarationSyntax)
    case inline(InlineSyntax)
    case translator(TranslatorSyntax)
    case clause(ClauseSyntax)
}
