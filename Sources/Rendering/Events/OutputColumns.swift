/// The extra columns of `-o`: what is shown besides time, tracer and packet.
public struct OutputColumns: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32

    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// Address of the skb.
    public static let id = OutputColumns(rawValue: 1 << 0)
    public static let cpu = OutputColumns(rawValue: 1 << 1)
    /// Process name and id.
    public static let pid = OutputColumns(rawValue: 1 << 2)
    /// Interface index and name.
    public static let interface = OutputColumns(rawValue: 1 << 3)
    public static let netns = OutputColumns(rawValue: 1 << 4)
    /// The tracer's group.
    public static let module = OutputColumns(rawValue: 1 << 5)
    public static let length = OutputColumns(rawValue: 1 << 6)
    public static let mark = OutputColumns(rawValue: 1 << 7)
    public static let hash = OutputColumns(rawValue: 1 << 8)
    public static let queue = OutputColumns(rawValue: 1 << 9)
    public static let priority = OutputColumns(rawValue: 1 << 10)
    /// Index of the interface that received the packet.
    public static let receivingInterface = OutputColumns(rawValue: 1 << 11)
    /// Segment size of GSO packets.
    public static let gso = OutputColumns(rawValue: 1 << 12)
    /// Ethernet addresses.
    public static let mac = OutputColumns(rawValue: 1 << 13)
    /// The packet's socket: state, owner, cgroup, cookie.
    public static let socket = OutputColumns(rawValue: 1 << 14)

    /// The container of the packet's socket or process. Not among all of them: the socket's column has it.
    public static let container = OutputColumns(rawValue: 1 << 16)

    /// Connection tracking's view of the packet. Not among all of them: it is long, and costs reads of its own.
    public static let conntrack = OutputColumns(rawValue: 1 << 17)

    /// Not a column: what functions return, and after which time (`--ret`).
    public static let returns = OutputColumns(rawValue: 1 << 29)
    /// Nor this: by whom the traced function was called, after the packet (`--caller`).
    public static let caller = OutputColumns(rawValue: 1 << 30)
    /// Nor this: call stacks are recorded for the sake of something else and not shown.
    public static let hiddenStacks = OutputColumns(rawValue: 1 << 28)
    /// Neither: a call stack is written out each time, not only the first (`--stack-full`).
    public static let fullStacks = OutputColumns(rawValue: 1 << 31)

    /// Every column (`--detail`).
    public static let all = OutputColumns(rawValue: 1 << 15 - 1)

    /// Columns that come from the record's sections: the session asks the kernel side for what is wanted only.
    public var needsTask: Bool { !isDisjoint(with: [.pid, .container]) }
    public var needsDevice: Bool { !isDisjoint(with: [.interface, .netns]) }
    public var needsSocket: Bool { !isDisjoint(with: [.socket, .container]) }
    public var needsMeta: Bool {
        !isDisjoint(with: [.mark, .hash, .queue, .priority, .receivingInterface, .gso])
    }

    /// Names on the command line, in the order of the columns.
    static let names: [(name: String, column: OutputColumns)] = [
        ("id", .id), ("cpu", .cpu), ("pid", .pid), ("if", .interface), ("netns", .netns), ("module", .module),
        ("len", .length), ("mark", .mark), ("hash", .hash), ("queue", .queue), ("prio", .priority),
        ("iif", .receivingInterface), ("gso", .gso), ("mac", .mac), ("sock", .socket), ("container", .container),
        ("ct", .conntrack), ("all", .all),
    ]

    /// A name that is no column.
    public struct UnknownName: Error, CustomStringConvertible {
        public let name: String

        public var description: String {
            "unknown output column '\(name)': valid names are "
                + OutputColumns.names.map(\.name).joined(separator: ", ")
        }
    }

    /// Reads a list such as "pid,if,id". Empty items are ignored.
    public init(parsing list: String) throws(UnknownName) {
        self = []
        for item in list.split(separator: ",") {
            let name = String(item.filter { $0 != " " })
            guard let known = Self.names.first(where: { $0.name == name }) else { throw UnknownName(name: name) }
            formUnion(known.column)
        }
    }
}
