/// Says what the probes of a description give to clauses.
public protocol ProbeCatalog {
    /// Nil: unknown, or the probes that match have different arguments. `args` is refused then.
    func signature(of probe: ProbeDescription) -> ProbeSignature?
}
