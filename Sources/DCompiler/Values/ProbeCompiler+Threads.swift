import BPFCode
import DLanguage

// Facts of the thread that a probe fires on, and of its stack.
extension ProbeCompiler {
    /// The error of a system call that returns; 0 elsewhere.
    mutating func emitErrorNumber() {
        let done = assembler.makeLabel("errno")
        guard case .systemCall(_, true) = probe.site else { return assembler.emit(.arithmetic64(.move, .r0, 0)) }
        assembler.emit(.load(.double, .r1, from: Self.context, 8))
        assembler.emit(.arithmetic64(.move, .r0, 0))
        // MAX_ERRNO, include/linux/err.h
        assembler.emit(.jump64(.signedGreaterOrEqual, .r1, 0, to: done))
        assembler.emit(.jump64(.signedLess, .r1, -4095, to: done))
        assembler.emit(.arithmetic64(.move, .r0, .r1))
        assembler.emit(.negate(.double, .r0))
        assembler.place(done)
    }

    /// A pointer or number of the current thread's task_struct, in r0.
    private mutating func emitTask(_ path: [(member: String, structure: String)]) throws(Diagnostic) {
        assembler.emit(.call(.getCurrentTask))
        let slot = frame.temporary(&assembler)
        assembler.emit(.store(.double, .r0, to: slot))
        for (index, step) in path.enumerated() {
            try emitMember(step.member, of: step.structure, at: slot)
            if index < path.count - 1 { assembler.emit(.store(.double, .r0, to: slot)) }
        }
        frame.free(slot)
    }

    mutating func emitParent() throws(Diagnostic) {
        try emitTask([("real_parent", "task_struct"), ("tgid", "task_struct")])
    }

    /// Nanoseconds that the thread has run, up to the scheduler's last update.
    mutating func emitThreadTime() throws(Diagnostic) {
        guard let entity = program.offset(of: "se", in: "task_struct") else {
            throw .unavailable("vtimestamp on this kernel", at: position)
        }
        assembler.emit(.call(.getCurrentTask))
        let slot = frame.temporary(&assembler)
        assembler.emit(.arithmetic64(.add, .r0, Int32(entity)))
        assembler.emit(.store(.double, .r0, to: slot))
        try emitMember("sum_exec_runtime", of: "sched_entity", at: slot)
        frame.free(slot)
    }

    /// progenyof(): whether the thread's process is this one, or one of its descendants.
    mutating func emitDescent(_ ancestor: TypedExpression) throws(Diagnostic) {
        try evaluate(ancestor)
        let wanted = frame.temporary(&assembler)
        let task = frame.temporary(&assembler)
        let found = assembler.makeLabel("progeny")
        let done = assembler.makeLabel("decided")
        assembler.emit(.store(.double, .r0, to: wanted))
        assembler.emit(.call(.getCurrentTask))
        assembler.emit(.store(.double, .r0, to: task))
        for _ in 0..<Self.generations {
            try emitMember("tgid", of: "task_struct", at: task)
            assembler.emit(.load(.double, .r1, from: wanted))
            assembler.emit(.jump32(.equal, .r0, .r1, to: found))
            try emitMember("real_parent", of: "task_struct", at: task)
            assembler.emit(.store(.double, .r0, to: task))
        }
        assembler.emit(.arithmetic64(.move, .r0, 0))
        assembler.emit(.jump(done))
        assembler.place(found)
        assembler.emit(.arithmetic64(.move, .r0, 1))
        assembler.place(done)
        frame.free(wanted)
        frame.free(task)
    }

    private static let generations = 16

    // MARK: The stack

    /// The second frame: the first is the place of the probe.
    mutating func emitCaller() {
        let frames = frame.block("frames", size: 16, &assembler)
        assembler.emit(.store(.double, 0, to: frames, plus: 8))
        assembler.emit(.store(.double, 0, to: frames))
        emitFrames(.stack(frames, 0), bytes: 16)
        assembler.emit(.load(.double, .r0, from: frames, plus: 8))
        frame.freeBlock(frames)
    }

    mutating func emitStackDepth() {
        let frames = scratchMemory.temporary(8 * Self.deepestStack)
        let known = assembler.makeLabel("depth")
        emitFrames(frames.place, bytes: 8 * Self.deepestStack)
        assembler.emit(.jump64(.signedGreaterOrEqual, .r0, 0, to: known))
        assembler.emit(.arithmetic64(.move, .r0, 0))
        assembler.place(known)
        assembler.emit(.arithmetic64(.shiftRight, .r0, 3))
        scratchMemory.free(frames)
    }

    /// PERF_MAX_STACK_DEPTH, include/uapi/linux/perf_event.h
    private static let deepestStack = 127

    private mutating func emitFrames(_ place: Place, bytes: Int) {
        emitAddress(.r2, of: place)
        assembler.emit(.arithmetic64(.move, .r1, Self.context))
        assembler.emit(.arithmetic64(.move, .r3, Int32(bytes)))
        assembler.emit(.arithmetic64(.move, .r4, 0))
        assembler.emit(.call(.getStack))
    }
}
