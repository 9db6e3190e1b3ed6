/// Why packets die: one thing that can be wrong (or right), with what a person needs to know about it.
///
/// All texts are plain English; commands may hold placeholders (`Placeholder`).
public struct Cause: Sendable, Equatable {
    /// How bad it is if packets die of this.
    public enum Severity: String, Sendable, CaseIterable, Comparable {
        /// Part of normal work; not worth a look.
        case normal
        /// Happens now and then, mostly by intention.
        case notice
        /// Likely a fault, or one on the way.
        case warning
        /// Somebody's traffic does not get through.
        case error

        public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// Something to do: a command, a piece of advice, or a command and what it tells or does.
    public struct Step: Sendable, Equatable {
        /// For a shell, in the network namespace of the packet.
        public let command: String?
        public let note: String
        /// The command was made for one culprit: braces in it are no placeholders.
        public let isLiteral: Bool

        public init(command: String?, note: String, isLiteral: Bool = false) {
            self.command = command
            self.note = note
            self.isLiteral = isLiteral
        }
    }

    /// A return value of a traced function that proves the cause.
    public struct Return: Sendable, Equatable {
        public let tracer: String
        /// As the kernel spells it: `NF_DROP`, `-EXDEV`.
        public let value: String
    }

    /// A place at which a drop reason means this cause, whatever it means elsewhere.
    public struct Refinement: Sendable, Equatable {
        /// As the kernel spells it.
        public let reason: String
        /// The kernel function that drops.
        public let location: String
        /// Packets that it is meant for; nil: all.
        public let kind: PacketKind?
    }

    /// Short and stable: "no-listener". For people, scripts and JSON.
    public let slug: String
    /// The part of the network stack, for lists.
    public let group: String
    public let severity: Severity
    /// It happens to copies of packets that got through elsewhere and to traffic that nobody asked for: only a packet
    /// that was asked for and got through nowhere is missed.
    public let isStray: Bool
    /// A few words, no full stop.
    public let title: String
    public let meaning: String
    /// How it comes about, the usual ways first.
    public let arises: [String]
    public let check: [Step]
    public let fix: [Step]
    /// Counters that go up with it, as nstat(8) names them.
    public let counters: [String]
    /// Slugs of related causes.
    public let related: [String]
    /// Slugs of causes that the same evidence may stand for: the only one whose culprit the machine shows takes its place.
    public let narrower: [String]
    /// Kernel functions in which a packet freed without a reason may have died of this.
    public let locations: [String]
    public let refinements: [Refinement]
    public let returns: [Return]
    /// What the kernel may have taken and not answered for this cause, without a word of it.
    public let silences: [Silence]
    /// Slugs of causes that the kernel gives the same evidence for: what the machine is like decides between them.
    public let alternatives: [String]
}
