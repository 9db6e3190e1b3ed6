internal import CLibPCap

/// A classic BPF program that is safe to translate: known codes, forward jumps inside the program, a return at each
/// end.
struct ClassicProgram {
    /// Maximum number of instructions: BPF_MAXINSNS of include/uapi/linux/bpf_common.h.
    static let maximumCount = 4096
    /// Maximum number of primitives joined by "and" and "or". libpcap takes two seconds for 128, and four times as long
    /// for twice as many.
    static let maximumConditions = 128
    /// Words of scratch memory: BPF_MEMWORDS of include/uapi/linux/filter.h.
    static let scratchWords = 16
    /// Offsets from here on mean the socket filter's extensions, not packet bytes: SKF_AD_OFF and SKF_LL_OFF.
    private static let firstExtensionOffset: UInt32 = 0x8000_0000

    let instructions: [ClassicInstruction]
    let operations: [ClassicOperation]

    /// Compiles a pcap-filter(7) expression with libpcap.
    ///
    /// May block: names in the expression are looked up. Throws `FilterError.rejected` with libpcap's message.
    init(compiling expression: String, for header: LinkHeader = .ethernet) throws(FilterError) {
        var program = clibpcap_program()
        var message = [CChar](repeating: 0, count: Int(CLIBPCAP_ERROR_SIZE))
        guard !expression.utf8.contains(0) else {
            throw .rejected(expression: expression, message: "it contains a NUL character")
        }
        let conditions = Self.conditions(in: expression)
        guard conditions <= Self.maximumConditions else {
            throw .tooManyConditions(expression: expression, count: conditions)
        }
        guard clibpcap_compile(expression, header.number, 0x40000, &program, &message) == 0 else {
            let text = message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw .rejected(expression: expression, message: String(decoding: text, as: UTF8.self))
        }
        defer { clibpcap_free(&program) }
        let compiled = UnsafeBufferPointer(start: program.instructions, count: Int(program.count))
        let instructions = compiled.map {
            ClassicInstruction(code: $0.code, jumpTrue: $0.jump_true, jumpFalse: $0.jump_false, k: $0.k)
        }
        try self.init(validating: instructions, expression: expression)
    }

    private static func conditions(in expression: String) -> Int {
        let words = expression.utf8.split { $0 <= 0x20 || $0 == UInt8(ascii: "(") || $0 == UInt8(ascii: ")") }
        let joints: [[UInt8]] = ["or", "and", "||", "&&"].map { Array($0.utf8) }
        let spelled = words.count { word in joints.contains { word.elementsEqual($0) } }
        // Operators may be written without spaces: "tcp||udp".
        let signs = expression.utf8.count { $0 == UInt8(ascii: "|") || $0 == UInt8(ascii: "&") }
        return 1 + max(spelled, signs / 2)
    }

    /// Whether libpcap knows every name in a syntactically correct expression. May block, as the initialiser does.
    static func canCompile(_ expression: String) -> Bool {
        (try? ClassicProgram(compiling: expression)) != nil
    }

    /// Checks the same as bpf_check_classic() of the kernel. `expression` is only quoted in errors.
    init(validating instructions: [ClassicInstruction], expression: String) throws(FilterError) {
        guard 1...Self.maximumCount ~= instructions.count else {
            throw .tooLarge(expression: expression)
        }
        var operations: [ClassicOperation] = []
        operations.reserveCapacity(instructions.count)
        for (index, instruction) in instructions.enumerated() {
            guard let operation = ClassicOperation(code: instruction.code) else {
                let reason = "libpcap compiled it to the unknown instruction \(instruction.code)"
                throw .unsupported(expression: expression, reason: reason)
            }
            if let reason = Self.fault(operation, instruction, left: instructions.count - 1 - index) {
                throw .unsupported(expression: expression, reason: reason)
            }
            operations.append(operation)
        }
        self.instructions = instructions
        self.operations = operations
    }

    /// The reason why the kernel could not run an instruction that `left` others follow; nil if it can.
    private static func fault(_ operation: ClassicOperation, _ instruction: ClassicInstruction, left: Int) -> String? {
        let k = instruction.k
        switch operation {
        case .loadPacket(.absolute, _) where k >= firstExtensionOffset:
            return "'inbound', 'outbound' and 'ifindex' ask about the interface, not about the packet; use --interface"
        case .jump where k >= 0x8000_0000:
            return "'protochain' needs a loop, which a kernel filter cannot have; name the protocol of the last header"
        case .jump where k >= left,
            .jumpIf where max(instruction.jumpTrue, instruction.jumpFalse) >= left:
            return "libpcap compiled it to a jump that leaves the program"
        case .loadScratch where k >= scratchWords, .loadXScratch where k >= scratchWords,
            .storeA where k >= scratchWords, .storeX where k >= scratchWords:
            return "it is nested too deeply for the 16 words of a filter's memory"
        case .arithmetic(.divide, .constant) where k == 0, .arithmetic(.modulo, .constant) where k == 0:
            return "it divides by zero"
        case .returnConstant, .returnA, .jump, .jumpIf:
            return nil
        default:
            return left == 0 ? "libpcap compiled it to a program without an end" : nil
        }
    }
}
