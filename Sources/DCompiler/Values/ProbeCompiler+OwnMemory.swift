import BPFCode
import DLanguage

// Memory of alloca() and copyin(): a part of the firing's scratch memory, which programs can write.
extension ProbeCompiler {
    /// Reserves as much as the clauses ask for.
    mutating func planOwnMemory() {
        var size = 0
        for (_, clause) in clauses {
            clause.forEach { expression in
                if let bytes = Self.ownBytes(expression) { size += (bytes + 7) / 8 * 8 }
            }
        }
        // Room for the widest write at the last byte.
        if size > 0 { ownMemory = OwnMemory(start: scratchMemory.reserve(size + 8), size: size) }
    }

    private static func ownBytes(_ expression: TypedExpression) -> Int? {
        guard case .call(let subroutine, let arguments) = expression.form, [.alloca, .copyin].contains(subroutine),
            case .constant(let size)? = arguments.last?.form, size > 0, size <= 4096
        else { return nil }
        return Int(size)
    }

    /// alloca() and copyin(): the address of memory that lasts as long as the firing.
    mutating func emitMemory(
        _ subroutine: Subroutine, _ arguments: [TypedExpression], at position: SourcePosition
    ) throws(Diagnostic) {
        guard let size = Self.ownBytes(TypedExpression(.call(subroutine, arguments), .void, at: position)),
            let offset = ownMemory?.take(size)
        else { throw .unavailable("\(subroutine.rawValue)() of a size that is no constant up to 4096,", at: position) }
        if subroutine == .copyin {
            try evaluate(arguments[0])
            assembler.emit(.arithmetic64(.move, .r3, .r0))
            emitAddress(.r1, of: .scratch(offset))
            assembler.emit(.arithmetic64(.move, .r2, Int32(size)))
            assembler.emit(.call(.probeReadUser))
            assembler.emit(.jump64(.notEqual, .r0, 0, to: fault(.badAddress)))
        } else {
            clear(.scratch(offset), bytes: size)
        }
        emitAddress(.r0, of: .scratch(offset))
        emitPlainAddress(.r0)
    }

    /// r0: an address → the same as a place that can be written; others are faults.
    mutating func emitOwnPlace() {
        guard let ownMemory else { return assembler.emit(.jump(fault(.badAddress))) }
        emitAddress(.r1, of: .scratch(ownMemory.start))
        emitPlainAddress(.r1)
        assembler.emit(.arithmetic64(.subtract, .r0, .r1))
        assembler.emit(.jump64(.greaterOrEqual, .r0, Int32(ownMemory.size), to: fault(.badAddress)))
        emitAddress(.r1, of: .scratch(ownMemory.start))
        assembler.emit(.arithmetic64(.add, .r1, .r0))
        assembler.emit(.arithmetic64(.move, .r0, .r1))
    }

    /// bcopy(from, to, size) and copyinto(from, size, to).
    mutating func emitCopy(
        from source: TypedExpression, to target: TypedExpression, size: TypedExpression, user: Bool,
        at position: SourcePosition
    ) throws(Diagnostic) {
        guard case .constant(let bytes) = size.form, bytes > 0, bytes <= 4096 else {
            throw .unavailable("a copy of a size that is no constant up to 4096", at: position)
        }
        let from = frame.temporary(&assembler)
        try evaluate(source)
        assembler.emit(.store(.double, .r0, to: from))
        try evaluate(target)
        emitOwnPlace()
        guard let ownMemory else { return frame.free(from) }
        // The whole copy must have room.
        let room = assembler.makeLabel("room")
        emitAddress(.r1, of: .scratch(ownMemory.start))
        emitPlainAddress(.r1)
        assembler.emit(.arithmetic64(.move, .r2, .r0))
        emitPlainAddress(.r2)
        assembler.emit(.arithmetic64(.subtract, .r2, .r1))
        assembler.emit(.jump64(.lessOrEqual, .r2, Int32(max(0, ownMemory.size - Int(bytes))), to: room))
        assembler.emit(.jump(fault(.badAddress)))
        assembler.place(room)
        emitAddress(.r1, of: .scratch(ownMemory.start))
        assembler.emit(.arithmetic64(.add, .r1, .r2))
        assembler.emit(.arithmetic64(.move, .r2, Int32(bytes)))
        assembler.emit(.load(.double, .r3, from: from))
        assembler.emit(.call(user ? .probeReadUser : .probeReadKernel))
        assembler.emit(.jump64(.notEqual, .r0, 0, to: fault(.badAddress)))
        frame.free(from)
    }
}

/// The part of the scratch memory that alloca() and copyin() hand out.
struct OwnMemory {
    let start: Int
    let size: Int
    private var used = 0

    init(start: Int, size: Int) {
        self.start = start
        self.size = size
    }

    /// Reserves this number of bytes. Returns their offset.
    mutating func take(_ bytes: Int) -> Int {
        defer { used += (bytes + 7) / 8 * 8 }
        return start + min(used, max(0, size - bytes))
    }
}
