import BPFCode
import DLanguage

// The record of a firing.
extension ProbeCompiler {
    /// Gives each clause, and each statement with data, its place in the record.
    mutating func planRecord() throws(Diagnostic) {
        layout.clauses = clauses.map { RecordLayout.Clause(clause: $0.index) }
        layout.size = RecordLayout.statusOffset + RecordLayout.statusSize * layout.clauses.count
        for (place, (_, clause)) in clauses.enumerated() {
            for (number, statement) in clause.statements.enumerated() where statement.hasData {
                let fields = try dataForms(of: statement).map { form in
                    defer { layout.size += form.size }
                    return Field(offset: layout.size, form: form)
                }
                layout.clauses[place].statements.append(.init(statement: number, fields: fields))
            }
        }
        guard layout.size <= Self.largestRecord else {
            throw Diagnostic(
                "the clauses of \(probe.title) print \(layout.size) bytes at once; the limit is \(Self.largestRecord)",
                at: position, advice: "lower strsize (-x strsize=64), or print less")
        }
    }

    /// Offsets of instructions have 16 bits.
    private static let largestRecord = 30_000

    /// Makes sure that r7 holds a record; without room, the firing counts as lost and ends.
    mutating func emitReserve() {
        let have = assembler.makeLabel("have_record")
        let got = assembler.makeLabel("reserved")
        assembler.emit(.jump64(.notEqual, Self.hasRecord, 0, to: have))
        assembler.emit(.map(.r1, named: MapNames.ring))
        assembler.emit(.arithmetic64(.move, .r2, Int32(layout.size)))
        assembler.emit(.arithmetic64(.move, .r3, 0))
        assembler.emit(.call(.ringbufReserve))
        assembler.emit(.jump64(.notEqual, .r0, 0, to: got))
        emitLoss(.records)
        assembler.emit(.jump(end))
        assembler.place(got)
        assembler.emit(.arithmetic64(.move, Self.record, .r0))
        assembler.emit(.arithmetic64(.move, Self.hasRecord, 1))
        assembler.emit(.store(.word, .immediate(Int32(number)), to: Self.record, 0))
        assembler.emit(.call(.getSmpProcessorId))
        assembler.emit(.store(.word, .r0, to: Self.record, Int16(RecordLayout.cpuOffset)))
        assembler.emit(.call(.ktimeGetNs))
        assembler.emit(.store(.double, .r0, to: Self.record, Int16(RecordLayout.timeOffset)))
        if let member {
            assembler.emit(.load(.double, .r0, from: member))
            assembler.emit(.store(.double, .r0, to: Self.record, Int16(RecordLayout.memberOffset)))
        } else {
            assembler.emit(.store(.double, .immediate(0), to: Self.record, Int16(RecordLayout.memberOffset)))
        }
        for index in layout.clauses.indices {
            let status = Int16(layout.status(ofClause: index))
            assembler.emit(.store(.double, .immediate(0), to: Self.record, status))
            assembler.emit(.store(.double, .immediate(0), to: Self.record, status + 8))
        }
        assembler.place(have)
    }
}
