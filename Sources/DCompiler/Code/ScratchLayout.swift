import BPFCode

/// The scratch memory of a firing: an element of a per-CPU array, for texts, which are larger than the stack.
///
/// A firing can interrupt another one on its CPU, so that each CPU has several elements. The first word of an element counts
/// the firings that want it; the element belongs to the firing whose addition made it 1. If one firing takes the CPU from
/// another between the addition and the test, both may take another element, but they never share one. Linux 6.12 does not
/// preempt the programs (kernel/trace/bpf_trace.c: `cant_sleep`); the claim does not rely on it. Every kernel has this
/// atomic addition.
struct ScratchLayout {
    /// A thread, and the interrupts that can interrupt it and each other: softirq, hardirq, NMI.
    static let levels = 4
    static let claimed = 0
    /// Words that the functions of texts use while they run.
    static func word(_ index: Int) -> Int { 8 + 8 * index }
    static let words = 7

    private(set) var size = 8 + 8 * words
    private(set) var isUsed = false
    private var available: [(offset: Int, size: Int)] = []

    /// Bytes for the whole firing.
    mutating func reserve(_ bytes: Int) -> Int {
        isUsed = true
        defer { size += (bytes + 7) / 8 * 8 }
        return size
    }

    /// Bytes until they are freed.
    mutating func temporary(_ bytes: Int) -> ScratchBlock {
        isUsed = true
        if let index = available.firstIndex(where: { $0.size >= bytes }) {
            let found = available.remove(at: index)
            return ScratchBlock(offset: found.offset, size: found.size)
        }
        let size = (bytes + 7) / 8 * 8
        return ScratchBlock(offset: reserve(size), size: size)
    }

    mutating func free(_ block: ScratchBlock) { available.append((block.offset, block.size)) }
}

/// A part of the scratch memory.
struct ScratchBlock {
    let offset: Int
    let size: Int

    var place: Place { .scratch(offset) }
}

extension ProbeCompiler {
    /// Claims an element; without a free one, the firing counts as lost.
    mutating func emitClaim() {
        assembler.note("scratch memory")
        let got = assembler.makeLabel("claimed")
        let key = frame.temporary(&assembler)
        for level in 0..<ScratchLayout.levels {
            let next = assembler.makeLabel("next_level")
            assembler.emit(.store(.word, Int32(level), to: key))
            assembler.emit(.map(.r1, named: MapNames.scratch))
            assembler.emitAddress(.r2, of: key)
            assembler.emit(.call(.mapLookupElem))
            assembler.emit(.jump64(.equal, .r0, 0, to: next))
            emitAddClaim(1, to: .r0)
            assembler.emit(.load(.double, .r1, from: .r0, Int16(ScratchLayout.claimed)))
            assembler.emit(.jump64(.equal, .r1, 1, to: got))
            emitAddClaim(-1, to: .r0)
            assembler.place(next)
        }
        frame.free(key)
        emitLoss(.records)
        assembler.emit(.jump(end))
        assembler.place(got)
        assembler.emit(.arithmetic64(.move, Self.scratch, .r0))
        end = assembler.makeLabel("give_back")
    }

    /// Gives the element back.
    mutating func emitRelease() { emitAddClaim(-1, to: Self.scratch) }

    private mutating func emitAddClaim(_ count: Int32, to element: Register) {
        assembler.emit(.arithmetic64(.move, .r1, count))
        assembler.emit(.atomic(.add, .double, .r1, at: element, Int16(ScratchLayout.claimed)))
    }

    /// Hides from the verifier that a register holds an address of a map or of the stack, so that programs can compute with
    /// it as with any address of the kernel.
    mutating func emitPlainAddress(_ register: Register) {
        let word = Int16(ScratchLayout.word(ScratchLayout.words - 1))
        assembler.emit(.store(.double, register, to: Self.scratch, word))
        assembler.emit(.load(.double, register, from: Self.scratch, word))
    }
}
