/// Everything that is known when a recording begins: what the numbers in its records mean, and where they come from.
public struct RecordingHeader: Sendable, Equatable {
    /// Version of the program that recorded.
    public var program: String
    /// `uname -r` and `uname -m` of the machine that recorded.
    public var kernelRelease: String
    public var machine: String
    /// The arguments of the program that recorded, its own name first. 200 are kept.
    public var commandLine: [String]
    /// CLOCK_REALTIME − CLOCK_MONOTONIC in nanoseconds: added to a record's time it gives the wall clock.
    public var clockOffset: Int64
    /// The parts that records are made of, in the order in which they follow each other.
    public var layout: RecordLayout
    /// By the hook number in records.
    public var hooks: [RecordedHook]
    /// As the recording kernel spells them, by value.
    public var dropReasons: [UInt32: String]
    /// Enums that hooks return.
    public var enumerations: [RecordedEnumeration]

    public init(
        program: String, kernelRelease: String, machine: String, commandLine: [String], clockOffset: Int64,
        layout: RecordLayout, hooks: [RecordedHook], dropReasons: [UInt32: String],
        enumerations: [RecordedEnumeration] = []
    ) {
        self.program = program
        self.kernelRelease = kernelRelease
        self.machine = machine
        self.commandLine = commandLine
        self.clockOffset = clockOffset
        self.layout = layout
        self.hooks = hooks
        self.dropReasons = dropReasons
        self.enumerations = enumerations
    }
}

/// One place of the kernel that was watched.
public struct RecordedHook: Sendable, Equatable {
    public var tracer: String
    /// The tracer's group.
    public var group: String
    /// The function or tracepoint, as the recording kernel calls it.
    public var kernelName: String
    /// By what it was attached, in words.
    public var method: String
    /// The tracer's flags; their meaning is the caller's.
    public var flags: UInt32
    /// nil: its returns are not recorded.
    public var returns: RecordedReturn?

    public init(
        tracer: String, group: String, kernelName: String, method: String, flags: UInt32,
        returns: RecordedReturn? = nil
    ) {
        self.tracer = tracer
        self.group = group
        self.kernelName = kernelName
        self.method = method
        self.flags = flags
        self.returns = returns
    }
}

/// The fingerprint of the records: the name and the size in bytes of each struct that they are put together from.
public struct RecordLayout: Sendable, Equatable {
    public struct Part: Sendable, Equatable {
        public var name: String
        public var size: UInt32

        public init(name: String, size: UInt32) {
            self.name = name
            self.size = size
        }
    }

    public var parts: [Part]

    public init(_ parts: [Part]) { self.parts = parts }

    /// Whether a program with this layout reads records of `other`: up to the end of the shorter list both agree, since
    /// new parts are only ever added at the end.
    public func canRead(_ other: RecordLayout) -> Bool {
        zip(parts, other.parts).allSatisfy(==) && (parts.isEmpty == other.parts.isEmpty)
    }
}

/// What an address in the recording kernel is called.
public struct RecordedSymbol: Sendable, Equatable {
    public var address: UInt64
    /// `tcp_v4_rcv+0x1a3`.
    public var text: String

    public init(address: UInt64, text: String) {
        self.address = address
        self.text = text
    }
}

/// Who held a socket of the recording machine. A later one for the same inode takes its place.
public struct RecordedSocketOwner: Sendable, Equatable {
    /// Of the socket's file.
    public var inode: UInt64
    public var pid: UInt32
    /// The process's name.
    public var command: String
    /// How many more processes held it.
    public var others: UInt32

    public init(inode: UInt64, pid: UInt32, command: String, others: UInt32) {
        self.inode = inode
        self.pid = pid
        self.command = command
        self.others = others
    }
}

/// What a cgroup of the recording machine was called.
public struct RecordedCgroup: Sendable, Equatable {
    public var id: UInt64
    /// `/system.slice/nginx.service`.
    public var path: String

    public init(id: UInt64, path: String) {
        self.id = id
        self.path = path
    }
}

/// The wall clock was set, or the machine had slept: from then on another difference holds.
public struct RecordedClockStep: Sendable, Equatable {
    /// By the clock of records.
    public var since: UInt64
    /// CLOCK_REALTIME − CLOCK_MONOTONIC, in nanoseconds.
    public var offset: Int64

    public init(since: UInt64, offset: Int64) {
        self.since = since
        self.offset = offset
    }
}

/// The account of the run that recorded: written last, so that a recording without it is known to be cut off.
public struct RecordingAccounting: Sendable, Equatable {
    /// Losses of one hook.
    public struct HookLoss: Sendable, Equatable {
        public var hook: UInt32
        public var lost: UInt64

        public init(hook: UInt32, lost: UInt64) {
            self.hook = hook
            self.lost = lost
        }
    }

    /// Events that passed the filter in the kernel.
    public var matched: UInt64
    /// Of these, events that are in the recording.
    public var delivered: UInt64
    /// Of these, events that found no room in the ring buffer.
    public var lost: UInt64
    /// Of these, events left out on purpose, such as those after the last of `-c`.
    public var suppressed: UInt64
    /// Tracers that were attached, and that could not be.
    public var attached: UInt32
    public var skipped: UInt32
    /// Where the losses happened; hooks without losses are left out.
    public var losses: [HookLoss]

    public init(
        matched: UInt64, delivered: UInt64, lost: UInt64, suppressed: UInt64, attached: UInt32, skipped: UInt32,
        losses: [HookLoss]
    ) {
        self.matched = matched
        self.delivered = delivered
        self.lost = lost
        self.suppressed = suppressed
        self.attached = attached
        self.skipped = skipped
        self.losses = losses
    }
}
