import BPFCode
import Testing

@Suite struct ListingTests {
    private static let map = Map("counts", .hash, keySize: 8, valueSize: 8, entries: 16)

    private static func sample() throws -> Code {
        var assembler = Assembler()
        let reserved = assembler.reserve("key", size: 8)
        let key = try #require(reserved)
        let found = assembler.makeLabel("found")
        assembler.note("clause 1: ip:::send")
        assembler.emit(.load(.double, .r6, from: .r1, 0))
        assembler.emit(.store(.double, .r6, to: key))
        assembler.emit(.load(.word, .r7, from: key, plus: 4))
        assembler.emit(.map(.r1, map))
        assembler.emit(.arithmetic64(.move, .r2, .frame))
        assembler.emit(.arithmetic64(.add, .r2, Int32(key.offset())))
        assembler.emit(.call(.mapLookupElem))
        assembler.note("clause 2")
        assembler.emit(.jump64(.notEqual, .r0, 0, to: found))
        assembler.emit(.arithmetic32(.move, .r0, 0))
        assembler.emit(.exit)
        assembler.place(found)
        assembler.emit(.load(.double, .r0, from: .r0, 0))
        assembler.emit(.exit)
        return assembler.finished()
    }

    @Test func aProgramReadsLikeDisassembledCode() throws {
        #expect(
            try Self.sample().listing == """
                  ; clause 1: ip:::send
                  r6 = *(u64 *)(r1 + 0)
                  *(u64 *)(r10 - 8) = r6  ; key
                  r7 = *(u32 *)(r10 - 4)  ; key+4
                  r1 = map counts
                  r2 = r10
                  r2 += -8
                  call map_lookup_elem
                  ; clause 2
                  if r0 != 0 goto found_1
                  w0 = 0
                  exit
                found_1:
                  r0 = *(u64 *)(r0 + 0)
                  exit

                """)
    }

    /// The verifier complains about slots; `r1 = map counts` takes two.
    @Test func notesSayWhichPartIsMeant() throws {
        let code = try Self.sample()
        #expect(code.note(ofSlot: 0) == "clause 1: ip:::send")
        #expect(code.note(ofSlot: 7) == "clause 1: ip:::send")
        #expect(code.note(ofSlot: 8) == "clause 2")
        #expect(code.note(ofSlot: 99) == nil)
    }

    @Test func codeKnowsWhatItNeeds() throws {
        let code = try Self.sample()
        #expect(code.helpers == [.mapLookupElem])
        #expect(code.maps == ["counts"])
        #expect(!code.needsAtomics)
        var assembler = Assembler()
        assembler.emit(.atomic(.add, .double, .r1, at: .r2, 0))
        let addsOnly = assembler.finished().needsAtomics
        assembler.emit(.atomic(.fetchAdd, .double, .r1, at: .r2, 0))
        #expect(!addsOnly && assembler.finished().needsAtomics)
    }

    @Test func theStackIsLimited() {
        var stack = StackFrame()
        let byte = stack.reserve("byte", size: 1, alignment: 1)
        let word = stack.reserve("word", size: 4, alignment: 4)
        let double = stack.reserve("double", size: 8)
        #expect([byte, word, double].map { $0?.start } == [-1, -8, -16])
        let large = stack.reserve("large", size: 497)
        let rest = stack.reserve("rest", size: 496)
        #expect(large == nil && rest?.start == -512)
        #expect(stack.size == StackFrame.limit)
    }
}
