/// A reason that packets are lost, or end normally, with its explanation and advice.
///
/// All texts are plain English; commands may hold placeholders (`Placeholder`).
public struct Cause: Sendable, Equatable {
    /// The importance of packets that end for this cause.
    public enum Severity: String, Sendable, CaseIterable, Comparable {
        /// Normal operation; needs no attention.
        case normal
        /// Happens now and then, usually by intention.
        case notice
        /// Probably a fault, or an approaching one.
        case warning
        /// Traffic is lost.
        case error

        public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// A step to take: a command with its purpose, or advice in words.
    public struct Step: Sendable, Equatable {
        /// A shell command, to be run in the packet's network namespace.
        public let command: String?
        public let note: String
        /// True for a command made for one culprit: braces in it are not placeholders.
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

    /// A function in which a drop reason means this cause, even if it means another elsewhere.
    public struct Refinement: Sendable, Equatable {
        /// As the kernel spells it.
        public let reason: String
        /// The kernel function that drops the packet.
        public let location: String
        /// The kind of packets concerned; nil for all.
        public let kind: PacketKind?
    }

    /// A short stable name for people, scripts and JSON: "no-listener".
    public let slug: String
    /// The part of the network stack, by which lists are sorted.
    public let group: String
    public let severity: Severity
    /// True if the cause also ends copies of packets that were delivered elsewhere, and unrequested traffic. Such an end is a
    /// loss only if the user selected the packet and no copy was delivered.
    public let isStray: Bool
    /// A few words without a full stop.
    public let title: String
    public let meaning: String
    /// Typical situations, the most frequent first.
    public let arises: [String]
    public let check: [Step]
    public let fix: [Step]
    /// Counters that increase with it, as nstat(8) names them.
    public let counters: [String]
    /// Slugs of related causes.
    public let related: [String]
    /// Slugs of narrower causes with the same evidence. If the machine shows a culprit for exactly one of them, that cause
    /// replaces this one.
    public let narrower: [String]
    /// Kernel functions in which a packet freed without a reason may have ended for this cause.
    public let locations: [String]
    public let refinements: [Refinement]
    public let returns: [Return]
    /// Packets that the kernel may leave unanswered for this cause, without reporting a drop.
    public let unansweredRequests: [UnansweredRequest]
    /// Slugs of causes with the same evidence in the kernel; the state of the machine decides between them.
    public let alternatives: [String]
}
