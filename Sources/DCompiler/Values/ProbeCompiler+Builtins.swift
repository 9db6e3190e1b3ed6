import BPFCode
import DLanguage

extension ProbeCompiler {
    /// Leaves a variable of D in r0.
    mutating func emit(_ builtin: Builtin, at position: SourcePosition) throws(Diagnostic) {
        switch builtin {
        case .timestamp: emitTime()
        case .walltimestamp:
            emitTime()
            assembler.emit(.mapValue(.r1, ofMap: MapNames.state, offset: ProgramState.wallClock))
            assembler.emit(.load(.double, .r1, from: .r1, 0))
            assembler.emit(.arithmetic64(.add, .r0, .r1))
        case .cpu: assembler.emit(.call(.getSmpProcessorId))
        case .pid:
            assembler.emit(.call(.getCurrentPidTgid))
            assembler.emit(.arithmetic64(.shiftRight, .r0, 32))
        case .tid:
            assembler.emit(.call(.getCurrentPidTgid))
            assembler.emit(.arithmetic32(.move, .r0, .r0))
        case .uid:
            assembler.emit(.call(.getCurrentUidGid))
            assembler.emit(.arithmetic32(.move, .r0, .r0))
        case .gid:
            assembler.emit(.call(.getCurrentUidGid))
            assembler.emit(.arithmetic64(.shiftRight, .r0, 32))
        case .curthread: assembler.emit(.call(.getCurrentTask))
        case .epid, .id:
            guard member != nil else { return assembler.emitConstant(.r0, UInt64(probe.number)) }
            emitMemberEntry()
            assembler.emit(.load(.double, .r0, from: .r0, 0))
        case .ipl: assembler.emit(.arithmetic64(.move, .r0, 0))
        case .argument(let index):
            guard words.indices.contains(index) else { return assembler.emit(.arithmetic64(.move, .r0, 0)) }
            guard let slot = inputs[words[index]] else {
                throw .unavailable("arg\(index) of \(probe.title)", at: position)
            }
            assembler.emit(.load(.double, .r0, from: slot))
        case .execname, .probeprov, .probemod, .probefunc, .probename:
            throw .unavailable("a text in the place of a number", at: position)
        case .errno: emitErrorNumber()
        case .ppid: try emitParent()
        case .caller: emitCaller()
        case .stackdepth: emitStackDepth()
        case .vtimestamp: try emitThreadTime()
        }
    }

    /// The same time for all clauses of a firing.
    private mutating func emitTime() {
        if let clock {
            assembler.emit(.load(.double, .r0, from: clock))
        } else {
            assembler.emit(.call(.ktimeGetNs))
        }
    }

    /// Leaves the value of a function of D in r0.
    mutating func emit(
        _ subroutine: Subroutine, _ arguments: [TypedExpression], at position: SourcePosition
    ) throws(Diagnostic) {
        switch subroutine {
        case .htons, .ntohs, .htonl, .ntohl, .htonll, .ntohll:
            try evaluate(arguments[0])
            let bits: Int32 =
                switch subroutine {
                case .htons, .ntohs: 16
                case .htonl, .ntohl: 32
                default: 64
                }
            assembler.emit(.convert(.big, bits: bits, .r0))
        // User space looks the name of the address up.
        case .sym, .func, .mod: try evaluate(arguments[0])
        case .rand: assembler.emit(.call(.getPrandomU32))
        case .strlen:
            let text = try emitOperand(arguments[0])
            emitLength(of: text)
            scratchMemory.free(text)
        case .index, .rindex:
            let (text, pattern) = try emitSearch(
                Array(arguments.prefix(2)), start: arguments.count > 2 ? arguments[2] : nil,
                backwards: subroutine == .rindex)
            loadWord(2, .r0)
            scratchMemory.free(pattern)
            scratchMemory.free(text)
        case .strtoll: try emitNumber(arguments)
        // include/linux/kdev_t.h: MINORBITS
        case .getmajor:
            try evaluate(arguments[0])
            assembler.emit(.arithmetic64(.shiftRight, .r0, 20))
        case .getminor:
            try evaluate(arguments[0])
            assembler.emit(.arithmetic64(.and, .r0, 0xfffff))
        case .progenyof: try emitDescent(arguments[0])
        case .speculation: emitSpeculation()
        case .bcopy:
            try emitCopy(from: arguments[0], to: arguments[1], size: arguments[2], user: false, at: position)
        case .copyinto:
            try emitCopy(from: arguments[0], to: arguments[2], size: arguments[1], user: true, at: position)
        case .copyin, .alloca: try emitMemory(subroutine, arguments, at: position)
        default: throw .unavailable("the function \(subroutine.rawValue)()", at: position)
        }
    }
}
