/// Values of one filter: the wanted ones (alternatives; none means all), and the unwanted ones.
public struct ValueChoice<Value: Hashable & Sendable>: Sendable, Equatable {
    public var wanted: Set<Value> = []
    public var unwanted: Set<Value> = []

    public init() {}

    public var isEmpty: Bool { wanted.isEmpty && unwanted.isEmpty }

    /// - Parameter value: nil if the packet has no value, or none that is known.
    public func allows(_ value: Value?) -> Bool {
        guard let value else { return wanted.isEmpty }
        return !unwanted.contains(value) && (wanted.isEmpty || wanted.contains(value))
    }
}

/// Conditions on a packet besides its bytes. Filters combine with AND, values of one filter with OR.
public struct MetadataFilters: Sendable, Equatable {
    /// A device that receives packets: its index, and the namespace in which the user named it.
    public struct Receiver: Sendable, Hashable {
        public var netns: UInt32
        public var index: UInt32

        public init(netns: UInt32, index: UInt32) {
            self.netns = netns
            self.index = index
        }
    }

    public struct Mark: Sendable, Hashable {
        public var value: UInt32
        public var mask: UInt32

        public init(value: UInt32, mask: UInt32) {
            self.value = value
            self.mask = mask
        }
    }

    /// Inodes of network namespaces.
    public var netns = ValueChoice<UInt32>()
    /// Names of devices, in every namespace.
    public var interfaces = ValueChoice<String>()
    /// The same devices as receivers of packets that have moved on to other devices.
    public var receivers = ValueChoice<Receiver>()
    /// Thread group ids of the packet's process, not of the task that was interrupted.
    public var processes = ValueChoice<UInt32>()
    /// Names of the thread.
    public var commands = ValueChoice<String>()
    /// User ids of the packet's socket.
    public var users = ValueChoice<UInt32>()
    /// Ids of the socket's cgroup or of one of its ancestors.
    public var cgroups = ValueChoice<UInt64>()
    public var marks = ValueChoice<Mark>()
    /// skb->len in bytes: ranges that are alternatives; empty: any length.
    public var lengths: [ClosedRange<UInt32>] = []

    /// Maximum number of terms of one filter on marks or lengths.
    public static let maximumTerms = 16

    public init() {}

    public var selectsProcess: Bool { !processes.isEmpty || !commands.isEmpty }
    public var selectsOwner: Bool { !users.isEmpty || !cgroups.isEmpty }

    public func allows(length: UInt32) -> Bool { lengths.isEmpty || lengths.contains { $0.contains(length) } }

    /// - Parameter mark: nil if it is not known.
    public func allows(mark: UInt32?) -> Bool {
        guard let mark else { return marks.wanted.isEmpty }
        let holds = { (term: Mark) in mark & term.mask == term.value }
        return !marks.unwanted.contains(where: holds) && (marks.wanted.isEmpty || marks.wanted.contains(where: holds))
    }
}
