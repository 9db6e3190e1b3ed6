import BPFCode
import DLanguage

/// Compiles the clauses of one probe into one program.
///
/// r6 holds the context. r8 is 1 once r7 holds the firing's record, which is reserved when the first clause with data
/// begins; a firing whose predicates are false touches no memory of user space. Expressions leave their value in r0.
struct ProbeCompiler {
    static let context = Register.r6
    static let record = Register.r7
    static let hasRecord = Register.r8
    /// The firing's scratch memory, if the program has some.
    static let scratch = Register.r9

    let program: ProgramContext
    let probe: Probe
    /// All probes that run this code; `probe` is the first of them.
    let members: [Probe]
    let clauses: [(index: Int, clause: TypedClause)]
    /// The number that its records begin with.
    let number: Int

    var assembler = Assembler()
    var frame = CompilerFrame()
    var layout = RecordLayout()
    /// Where a firing ends that has nothing to do; until its scratch memory is claimed, it has nothing to give back either.
    var end: Label
    var scratchMemory = ScratchLayout()
    /// Scratch memory is claimed: found out by a first compilation.
    let hasScratch: Bool
    /// Where the current clause goes on after a fault, and code that notes faults, to be placed after the clause.
    var faults: [FaultStub] = []
    var clause = ClauseState()
    /// The function that finds the bucket of quantize(), once it was called.
    var bucketFunction: Label?
    /// Buffers for comparisons of texts.
    var textBuffers: [Int: StackSlot] = [:]
    var locals: [Int: StackSlot] = [:]
    /// With several members: the index of the one that fires.
    var member: StackSlot?
    /// Values of inputs that were worked out at the start.
    var inputs: [ProbeInput: StackSlot] = [:]
    var clock: StackSlot?
    /// Places of `this->` variables: on the stack, or in the scratch memory.
    var clauseVariables: [Int: StackSlot] = [:]
    var scratchVariables: [Int: Int] = [:]
    /// Of alloca() and copyin(), if the clauses call them.
    var ownMemory: OwnMemory?
    /// Of strtok(), if the clauses call it.
    var tokens: TokenState?
    /// Variables that the clauses read or assign.
    var usedVariables: Set<Int> = []

    /// `arg0` … of the current clause.
    var words: [ProbeInput] { words(of: clauses[clause.recordIndex].clause) }

    /// Where errors about the whole probe point to.
    var position: SourcePosition {
        clauses.first?.clause.position ?? SourcePosition(source: 0, line: 1, column: 1)
    }

    struct ClauseState {
        /// Index into the record's clauses.
        var recordIndex = 0
        var end: Label?
    }

    struct FaultStub {
        var label: Label
        var fault: Fault
        var recordIndex: Int
    }

    init(
        _ members: [Probe], _ clauses: [(index: Int, clause: TypedClause)], number: Int, _ program: ProgramContext,
        hasScratch: Bool = false
    ) {
        self.program = program
        self.hasScratch = hasScratch
        self.members = members
        probe = members[0]
        self.clauses = clauses
        self.number = number
        end = assembler.makeLabel("end")
    }

    /// Compiles once more, with scratch memory, if the program turns out to need it.
    static func compile(
        _ members: [Probe], _ clauses: [(index: Int, clause: TypedClause)], number: Int, _ program: ProgramContext
    ) throws(Diagnostic) -> CompiledProbe {
        var first = ProbeCompiler(members, clauses, number: number, program)
        let compiled = try first.emitAll()
        guard first.scratchMemory.isUsed || first.frame.isFull else { return compiled }
        var second = ProbeCompiler(members, clauses, number: number, program, hasScratch: true)
        let result = try second.emitAll()
        try second.checkStack()
        return result
    }

    private mutating func emitAll() throws(Diagnostic) -> CompiledProbe {
        try planRecord()
        emitStart()
        emitMember()
        try emitInputs()
        let out = end
        if hasScratch { emitClaim() }
        emitClauseVariables()
        for (place, (_, clause)) in clauses.enumerated() { try emit(clause, place) }
        emitEnd(out)
        emitFunctions()
        program.need(scratch: scratchMemory.size)
        return CompiledProbe(members: members, code: assembler.finished(), record: layout)
    }

    private func checkStack() throws(Diagnostic) {
        guard !frame.isFull else {
            throw Diagnostic(
                "the clauses of \(probe.title) need more than the 512 bytes of stack that the kernel gives a program",
                at: position,
                advice: "use shorter keys, or simpler expressions")
        }
    }

    private mutating func emitStart() {
        assembler.note("\(probe.title)")
        assembler.emit(.arithmetic64(.move, Self.context, .r1))
        assembler.emit(.arithmetic64(.move, Self.record, 0))
        assembler.emit(.arithmetic64(.move, Self.hasRecord, 0))
        guard probe.site.respectsGate else { return }
        assembler.emit(.mapValue(.r1, ofMap: MapNames.state, offset: ProgramState.gate))
        assembler.emit(.load(.word, .r1, from: .r1, 0))
        assembler.emit(.jump64(.notEqual, .r1, Int32(ProgramState.Gate.open.rawValue), to: end))
    }

    private mutating func emit(_ compiled: TypedClause, _ place: Int) throws(Diagnostic) {
        let after = assembler.makeLabel("after")
        clause = ClauseState(recordIndex: place, end: after)
        let source =
            program.typed.sources.indices.contains(Int(compiled.position.source))
            ? program.typed.sources[Int(compiled.position.source)].name : "D"
        assembler.note("clause at \(source):\(compiled.position.line)")
        if let predicate = compiled.predicate {
            try evaluate(predicate)
            assembler.emit(.jump64(.equal, .r0, 0, to: after))
        }
        if compiled.statements.contains(where: \.hasData) { emitReserve() }
        var done = 0
        for (number, statement) in compiled.statements.enumerated() {
            assembler.note("line \(statement.position.line)")
            try emit(statement, number: number)
            guard statement.hasData else { continue }
            done += 1
            let status = Int16(layout.status(ofClause: place))
            assembler.emit(.store(.word, .immediate(Int32(done)), to: Self.record, status))
        }
        if !faults.isEmpty {
            assembler.emit(.jump(after))
            emitFaults()
        }
        assembler.place(after)
    }

    private mutating func emitEnd(_ out: Label) {
        assembler.note("end")
        assembler.emit(.jump64(.equal, Self.hasRecord, 0, to: end))
        assembler.emit(.arithmetic64(.move, .r1, Self.record))
        // BPF_RB_NO_WAKEUP: user space looks many times a second.
        assembler.emit(.arithmetic64(.move, .r2, 1))
        assembler.emit(.call(.ringbufSubmit))
        assembler.place(end)
        if hasScratch {
            emitRelease()
            assembler.place(out)
        }
        if probe.site == .begin { emitOpening() }
        assembler.emit(.arithmetic64(.move, .r0, 0))
        assembler.emit(.exit)
    }

    /// After BEGIN the other probes may fire, unless it has called exit().
    private mutating func emitOpening() {
        let exited = assembler.makeLabel("exited")
        assembler.emit(.mapValue(.r1, ofMap: MapNames.state, offset: ProgramState.gate))
        assembler.emit(.load(.word, .r2, from: .r1, 0))
        assembler.emit(.jump64(.notEqual, .r2, Int32(ProgramState.Gate.waiting.rawValue), to: exited))
        assembler.emit(.store(.word, .immediate(Int32(ProgramState.Gate.open.rawValue)), to: .r1, 0))
        assembler.place(exited)
    }
}

extension ProbeSite {
    /// BEGIN runs before the others, END after them, ERROR at any time.
    var respectsGate: Bool {
        switch self {
        case .begin, .end, .error: false
        default: true
        }
    }
}

extension Assembler {
    /// The address of a stack slot.
    mutating func emitAddress(_ register: Register, of slot: StackSlot, plus offset: Int = 0) {
        emit(.arithmetic64(.move, register, .frame))
        emit(.arithmetic64(.add, register, Int32(slot.start) + Int32(offset)))
    }

    /// Any constant, in the shortest form.
    mutating func emitConstant(_ register: Register, _ value: UInt64) {
        if let small = Int32(exactly: Int64(bitPattern: value)) {
            emit(.arithmetic64(.move, register, small))
        } else {
            emit(.constant(register, value))
        }
    }
}
