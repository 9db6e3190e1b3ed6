/// The very thing that is to blame: a rule, a route, a sysctl, a socket.
public struct Culprit: Sendable, Equatable {
    /// What it is, as a short stable word: "nft-rule", "chain-policy", "sysctl", "route", "device", …
    public var kind: String
    /// Which one, as its own tool would print it.
    public var name: String
    /// What else was found out about it, one sentence each.
    public var details: [String]
    /// For the placeholders of advice: "handle" → "7".
    public var values: [String: String]
    /// Commands that mend this very culprit. They take the place of the commands by which its cause is mended in general;
    /// placeholders stand for `values`.
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

/// What the search for a culprit came to.
public enum CulpritAnswer: Sendable, Equatable {
    case found(Culprit)
    /// It is one of these; `because` says what would tell which.
    case oneOf([Culprit], because: String)
    /// Not to be found out, and why.
    case unknown(because: String)
    /// This cause has no culprit beyond itself.
    case none
}

extension CulpritAnswer {
    /// Commands that mend the only culprit.
    var remedies: [Cause.Step] { if case .found(let culprit) = self { culprit.remedies } else { [] } }
}

/// A command to run, with names and values filled in, or plain words.
public struct Advice: Sendable, Equatable {
    public enum Purpose: String, Sendable {
        case check
        case fix
    }

    public var purpose: Purpose
    /// A line for the shell; nil: there is none.
    public var command: String?
    /// What it shows or does.
    public var note: String

    public init(_ purpose: Purpose, command: String?, note: String) {
        self.purpose = purpose
        self.command = command
        self.note = note
    }
}

/// Why a packet was lost, by what evidence, who is to blame, and what to do.
public struct Verdict: Sendable {
    public var evidence: Evidence
    public var cause: Cause?
    /// What proves the cause.
    public var proof: Proof
    public var culprit: CulpritAnswer
    public var advice: [Advice]
    /// Where the packet was lost; nil: the trace does not show it.
    public var namespace: NamespaceName?

    /// Slug of the cause; "unknown" where no rule of tracers.json fits.
    public var slug: String { cause?.slug ?? "unknown" }
    public var severity: Cause.Severity { cause?.severity ?? .warning }
    public var title: String { cause?.title ?? "nothing that is known here explains it" }
}

/// Which part of the evidence a cause was concluded from.
public enum Proof: Sendable, Equatable {
    /// The drop reason, at the place where it was given; or of the narrower causes that it may stand for the only one that
    /// has a culprit.
    case reason
    /// Index into the evidence's returns.
    case returned(Int)
    /// The function that gave the packet up, or the reason that it gave, which stand for this cause only, or of several
    /// for the only one that has a culprit.
    case location
    /// Nothing says that the packet was lost; but it was taken where something makes the kernel not answer it.
    case silence
    case none
}
