public import KernelTypes
import Synchronization

/// The structs and enums that types of a program name.
public struct TypeStore: Sendable {
    /// A struct or union that a D text declares.
    public struct Structure: Hashable, Sendable {
        public var name: String
        public var isUnion: Bool
        /// Nil: declared without its members.
        public var members: [Member]?
        public var size: Int
        public var alignment: Int
        /// The name is that of a typedef, not of a tag.
        public var isTypedefName = false

        public init(name: String, isUnion: Bool = false, members: [Member]? = nil, size: Int = 0, alignment: Int = 1) {
            self.name = name
            self.isUnion = isUnion
            self.members = members
            self.size = size
            self.alignment = alignment
        }
    }

    public struct Member: Hashable, Sendable {
        /// Empty for anonymous structs and unions, whose members count as the outer one's.
        public var name: String
        public var type: DType
        public var bitOffset: Int
        /// Of bit-fields.
        public var bitSize: Int?

        public init(_ name: String, _ type: DType, bitOffset: Int, bitSize: Int? = nil) {
            self.name = name
            self.type = type
            self.bitOffset = bitOffset
            self.bitSize = bitSize
        }
    }

    public struct Enumeration: Hashable, Sendable {
        public var name: String
        public var values: [String: UInt64]

        public init(name: String, values: [String: UInt64]) {
            self.name = name
            self.values = values
        }
    }

    /// Of the running kernel; nil: only types that D texts declare.
    public var kernel: TypeTable?
    public var modules: [TypeTable]
    public var structures: [Structure] = []
    public var enumerations: [Enumeration] = []

    /// Names that were looked up: each look-up reads through all names of the kernel's types.
    let lookups = Lookups()

    final class Lookups: Sendable {
        private let found = Mutex<[String: DType?]>([:])

        func find(_ key: String, _ look: () -> DType?) -> DType? {
            if let known = found.withLock({ $0[key] }) { return known }
            let type = look()
            found.withLock { $0[key] = .some(type) }
            return type
        }
    }

    public init(kernel: TypeTable?, modules: [TypeTable] = []) {
        self.kernel = kernel
        self.modules = modules
    }
}
