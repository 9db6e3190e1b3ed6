/// The registers of a BPF program.
public enum Register: UInt8, Sendable, CaseIterable {
    /// Result of a call; return value of the program.
    case r0
    /// Arguments of a call, which does not preserve them; r1 holds the context when the program begins.
    case r1, r2, r3, r4, r5
    /// Preserved across calls.
    case r6, r7, r8, r9
    /// End of the current function's stack; read-only.
    case frame
}
