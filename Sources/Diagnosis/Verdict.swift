/// The object to blame for a loss: a rule, a route, a sysctl, a socket.
public struct Culprit: Sendable, Equatable {
    /// Its kind, as a short stable word: "nft-rule", "chain-policy", "sysctl", "route", "device", …
    public var kind: String
    /// Its name, as its own tool would print it.
    public var name: String
    /// Further findings, one sentence each.
    public var details: [String]
    /// Values for the placeholders of advice: "handle" → "7".
    public var values: [String: String]
    /// Commands that fix this culprit, used instead of the cause's general commands. Placeholders stand for `values`.
    public var remedies: [Cause.Step]

    public init(
        kind: String, name: String, details: [String] = [], values: [String: String] = [:],
        remedies: [Cause.Step] = []
    ) {
        self.kind = kind
        self.name = name
        self.details = details
        self.values = values
        self.remedies = remedies
    }
}

/// The result of the search for a culprit.
public enum CulpritAnswer: Sendable, Equatable {
    case found(Culprit)
    /// One of several; `because` says why they cannot be distinguished.
    case oneOf([Culprit], because: String)
    /// The culprit cannot be found, and the reason.
    case unknown(because: String)
    /// The cause has no culprit of its own.
    case none
}

extension CulpritAnswer {
    /// Commands that fix the culprit; empty unless there is exactly one.
    var remedies: [Cause.Step] { if case .found(let culprit) = self { culprit.remedies } else { [] } }
}

/// A command to run, with names and values filled in, or advice in words.
public struct Advice: Sendable, Equatable {
    public enum Purpose: String, Sendable {
        case check
        case fix
    }

    public var purpose: Purpose
    /// A shell command; nil for advice in words.
    public var command: String?
    /// Its purpose or effect.
    public var note: String

    public init(_ purpose: Purpose, command: String?, note: String) {
        self.purpose = purpose
        self.command = command
        self.note = note
    }
}

/// The cause of a packet's loss with its proof, the culprit, and advice.
public struct Verdict: Sendable {
    public var evidence: Evidence
    public var cause: Cause?
    /// The evidence that proves the cause.
    public var proof: Proof
    public var culprit: CulpritAnswer
    public var advice: [Advice]
    /// The network namespace of the loss; nil if the trace does not show it.
    public var namespace: NamespaceName?

    /// Slug of the cause; "unknown" if no rule of tracers.json matches.
    public var slug: String { cause?.slug ?? "unknown" }
    public var severity: Cause.Severity { cause?.severity ?? .warning }
    public var title: String { cause?.title ?? "nothing that is known here explains it" }
}

/// The part of the evidence from which a cause was concluded.
public enum Proof: Sendable, Equatable {
    /// The drop reason, with the function that gave it; or a narrower cause of that reason, the only one with a culprit.
    case reason
    /// A return value; the index is into the evidence's returns.
    case returned(Int)
    /// The function that freed the packet, or its reason: it means this cause only, or this is the only one of its causes with
    /// a culprit.
    case location
    /// The packet is not known to be lost, but the machine has a setting or state that keeps the kernel from answering it.
    case unanswered
    case none
}
