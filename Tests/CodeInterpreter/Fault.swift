/// A rule of the verifier that a program breaks when it runs, or an instruction that the interpreter does not have.
public enum Fault: Error, Equatable {
    case unknownInstruction(UInt8)
    case unknownHelper(Int32)
    /// An address outside of all memory, or one that may not be written.
    case access(UInt64)
    case misaligned(UInt64)
    /// Bytes of the stack that nothing has been written to.
    case uninitialised(UInt64)
    case uninitialisedRegister(UInt8)
    case unknownMap(UInt64)
    /// The program left its instructions, called too deep or ran for too long.
    case endless
}
