public import DLanguage

/// Where a record has the data of each clause and statement. One record holds all that one firing prints.
///
/// A record begins with the number of the program (32 bits), the CPU (32 bits), the time (64 bits) and the index of the
/// probe among those that share the program (64 bits); then come 16 bytes
/// for each clause: the number of statements whose data is complete (32 bits), the kind of fault that ended the clause (32
/// bits, 0: none), and the number of its speculation.
public struct RecordLayout: Sendable, Hashable {
    public static let cpuOffset = 4
    public static let timeOffset = 8
    public static let memberOffset = 16
    public static let statusOffset = 24
    public static let statusSize = 16
    /// Within the status of a clause: the number of the speculation that its output belongs to (64 bits), 0: none.
    public static let speculationOffset = 8

    public struct Clause: Sendable, Hashable {
        /// Index into `TypedProgram.clauses`.
        public var clause: Int
        /// Statements with data, in order.
        public var statements: [Statement] = []
    }

    public struct Statement: Sendable, Hashable {
        /// Index into the clause's statements.
        public var statement: Int
        public var fields: [Field]
    }

    public var clauses: [Clause] = []
    public var size = 0

    public func status(ofClause index: Int) -> Int { Self.statusOffset + index * Self.statusSize }
}

/// A value within a record or key.
public struct Field: Sendable, Hashable {
    public enum Form: Sendable, Hashable {
        /// 64 bits, extended; printed as a type of N bytes.
        case integer(bytes: Int, isSigned: Bool)
        /// An address that is printed as a symbol.
        case symbol(SymbolForm)
        /// The number of a text of `CompiledProgram.texts`, 64 bits.
        case textNumber
        /// Family (0, 4 or 6; 64 bits) and 16 bytes.
        case address
        /// Bytes up to a NUL.
        case text(capacity: Int)
        /// Length in bytes (64 bits), then at most N addresses.
        case stack(frames: Int)
        /// N bytes, unchanged.
        case bytes(Int)

        public var size: Int {
            switch self {
            case .integer, .symbol, .textNumber: 8
            case .address: 24
            case .text(let capacity): (capacity + 7) / 8 * 8
            case .stack(let frames): 8 + 8 * frames
            case .bytes(let count): (count + 7) / 8 * 8
            }
        }
    }

    public var offset: Int
    public var form: Form

    public init(offset: Int, form: Form) {
        self.offset = offset
        self.form = form
    }
}

/// Why a clause ended early: DTRACEFLT_ numbers of the ERROR probe.
public enum Fault: UInt32, Sendable {
    case badAddress = 1
    case illegalOperation = 3
    case divisionByZero = 4
    /// No room for a new element or thread variable.
    case noScratch = 5

    public var text: String {
        switch self {
        case .badAddress: "invalid address"
        case .illegalOperation: "illegal operation"
        case .divisionByZero: "divide-by-zero"
        case .noScratch: "out of scratch space"
        }
    }
}
