/// Facts that are known when a recording begins: the meaning of the numbers in its records, and their origin.
public struct RecordingHeader: Sendable, Equatable {
    /// Version of the recording program.
    public var program: String
    /// `uname -r` and `uname -m` of the recording machine.
    public var kernelRelease: String
    public var machine: String
    /// Arguments of the recording program, including its name. At most 200 are kept.
    public var commandLine: [String]
    /// CLOCK_REALTIME − CLOCK_MONOTONIC in nanoseconds: added to a record's time it gives the wall clock.
    public var clockOffset: Int64
    /// The parts of records, in order.
    public var layout: RecordLayout
    /// Hooks by their number in records.
    public var hooks: [RecordedHook]
    /// Names as the recording kernel spells them, by value.
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

/// A traced place in the kernel.
public struct RecordedHook: Sendable, Equatable {
    public var tracer: String
    /// The tracer's group.
    public var group: String
    /// The function or tracepoint, by its name in the recording kernel.
    public var kernelName: String
    /// The attach method, in words.
    public var method: String
    /// The tracer's flags, which the caller defines.
    public var flags: UInt32
    /// nil if its returns are not recorded.
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

/// The layout of the records: name and size in bytes of each struct of which they consist.
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

    /// The first part that differs; nil if a program with this layout can read records of `other`. Both must agree up to
    /// the end of the shorter list, since new parts are only added at the end.
    public func firstDifference(from other: RecordLayout) -> (own: Part, other: Part)? {
        guard let own = parts.first else { return nil }
        guard !other.parts.isEmpty else { return (own, Part(name: "", size: 0)) }
        return zip(parts, other.parts).first { $0 != $1 }.map { (own: $0, other: $1) }
    }
}

/// The symbol of an address in the recording kernel.
public struct RecordedSymbol: Sendable, Equatable {
    public var address: UInt64
    /// For example `tcp_v4_rcv+0x1a3`.
    public var text: String

    public init(address: UInt64, text: String) {
        self.address = address
        self.text = text
    }
}

/// The owner of a socket of the recording machine. A later one for the same inode replaces it.
public struct RecordedSocketOwner: Sendable, Equatable {
    /// Inode number of the socket's file.
    public var inode: UInt64
    public var pid: UInt32
    /// Name of the process.
    public var command: String
    /// Number of further processes that held it.
    public var others: UInt32

    public init(inode: UInt64, pid: UInt32, command: String, others: UInt32) {
        self.inode = inode
        self.pid = pid
        self.command = command
        self.others = others
    }
}

/// The path of a cgroup of the recording machine.
public struct RecordedCgroup: Sendable, Equatable {
    public var id: UInt64
    /// For example `/system.slice/nginx.service`.
    public var path: String

    public init(id: UInt64, path: String) {
        self.id = id
        self.path = path
    }
}

/// A change of the difference between the clocks: the wall clock was set, or the machine was suspended.
public struct RecordedClockStep: Sendable, Equatable {
    /// Start time, by the clock of records.
    public var since: UInt64
    /// CLOCK_REALTIME − CLOCK_MONOTONIC, in nanoseconds.
    public var offset: Int64

    public init(since: UInt64, offset: Int64) {
        self.since = since
        self.offset = offset
    }
}

/// The account of the recorded run. It is written last, so that a recording without it is known to be incomplete.
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
    /// Of these, events in the recording.
    public var delivered: UInt64
    /// Of these, events for which the ring buffer had no room.
    public var lost: UInt64
    /// Of these, events left out intentionally, such as those after the last of `-c`.
    public var suppressed: UInt64
    /// Number of tracers that were attached, and of those that could not be.
    public var attached: UInt32
    public var skipped: UInt32
    /// Losses by hook; hooks without losses are left out.
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
