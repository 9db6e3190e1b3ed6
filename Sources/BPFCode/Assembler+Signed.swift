// Signed forms that Linux has only since 6.6 (BPF ISA v4), put together from instructions that every kernel knows.
// Without branches, so that the verifier walks one path.

extension Assembler {
    /// Extends the sign of the lowest 8, 16 or 32 bits to the whole register.
    public mutating func extendSign(_ register: Register, bits: Int32) {
        emit(.arithmetic64(.shiftLeft, register, 64 - bits))
        emit(.arithmetic64(.shiftRightSigned, register, 64 - bits))
    }

    /// Divides like C: towards zero. Division by zero gives 0, and the lowest number divided by -1 itself. Changes the
    /// divisor to its magnitude, and both scratch registers.
    public mutating func divideSigned(
        _ width: Instruction.Width, _ dividend: Register, by divisor: Register, scratch: (Register, Register)
    ) {
        signed(.divide, width, dividend, divisor, scratch)
    }

    /// The remainder has the sign of the dividend; modulo zero leaves the dividend as it is. Changes the divisor to its
    /// magnitude, and both scratch registers.
    public mutating func moduloSigned(
        _ width: Instruction.Width, _ dividend: Register, by divisor: Register, scratch: (Register, Register)
    ) {
        signed(.modulo, width, dividend, divisor, scratch)
    }

    private mutating func signed(
        _ operation: Instruction.Arithmetic, _ width: Instruction.Width, _ dividend: Register, _ divisor: Register,
        _ scratch: (Register, Register)
    ) {
        let (sign, other) = scratch
        makeMagnitude(width, dividend, sign: sign)
        makeMagnitude(width, divisor, sign: other)
        emit(.arithmetic(width, operation, dividend, .register(divisor)))
        if operation == .divide { emit(.arithmetic(width, .xor, sign, .register(other))) }
        applySign(width, dividend, sign)
    }

    /// `sign` becomes all ones for a negative number, and zero otherwise.
    private mutating func makeMagnitude(_ width: Instruction.Width, _ number: Register, sign: Register) {
        emit(.arithmetic(width, .move, sign, .register(number)))
        emit(.arithmetic(width, .shiftRightSigned, sign, .immediate(width == .word ? 31 : 63)))
        applySign(width, number, sign)
    }

    /// Negates the number if `sign` is all ones.
    private mutating func applySign(_ width: Instruction.Width, _ number: Register, _ sign: Register) {
        emit(.arithmetic(width, .xor, number, .register(sign)))
        emit(.arithmetic(width, .subtract, number, .register(sign)))
    }
}
