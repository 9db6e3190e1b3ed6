/// Bytes of a function's stack that have a name.
public struct StackSlot: Hashable, Sendable {
    public let name: String
    /// From the end of the stack (`Register.frame`); negative.
    public let start: Int16
    public let size: Int

    /// The place of a byte of the slot, relative to `Register.frame`.
    public func offset(_ byte: Int = 0) -> Int16 { start + Int16(byte) }
}

/// Hands out the stack of one function, from its end downwards.
public struct StackFrame: Sendable {
    /// MAX_BPF_STACK, include/linux/filter.h.
    public static let limit = 512

    public private(set) var slots: [StackSlot] = []
    /// Bytes used so far.
    public private(set) var size = 0

    public init() {}

    /// Returns nil if the stack is full. The verifier wants each access aligned to its size.
    public mutating func reserve(_ name: String, size bytes: Int, alignment: Int = 8) -> StackSlot? {
        let end = (size + bytes + alignment - 1) / alignment * alignment
        guard end <= Self.limit else { return nil }
        size = end
        let slot = StackSlot(name: name, start: -Int16(end), size: bytes)
        slots.append(slot)
        return slot
    }
}
