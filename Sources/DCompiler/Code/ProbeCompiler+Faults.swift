import BPFCode
import DLanguage

// Clauses that fail, and firings that are lost.
extension ProbeCompiler {
    /// A label to jump to if something of this kind happens in the current clause.
    mutating func fault(_ fault: Fault) -> Label {
        if let known = faults.first(where: { $0.fault == fault }) { return known.label }
        let label = assembler.makeLabel("fault")
        faults.append(FaultStub(label: label, fault: fault, recordIndex: clause.recordIndex))
        return label
    }

    mutating func emitFaults() {
        for (index, stub) in faults.enumerated() {
            assembler.place(stub.label)
            emitReserve()
            let place = Int16(layout.status(ofClause: stub.recordIndex) + 4)
            assembler.emit(.store(.word, .immediate(Int32(stub.fault.rawValue)), to: Self.record, place))
            if index + 1 < faults.count, let end = clause.end { assembler.emit(.jump(end)) }
        }
        faults = []
    }

    /// Adds 1 to a counter of this program and CPU.
    mutating func emitLoss(_ loss: Loss) {
        let done = assembler.makeLabel("counted")
        let key = frame.temporary(&assembler)
        assembler.emit(.store(.word, Int32(loss.index(ofProgram: number)), to: key))
        assembler.emit(.map(.r1, named: MapNames.losses))
        assembler.emitAddress(.r2, of: key)
        assembler.emit(.call(.mapLookupElem))
        assembler.emit(.jump64(.equal, .r0, 0, to: done))
        assembler.emit(.arithmetic64(.move, .r1, 1))
        assembler.emit(.atomic(.add, .double, .r1, at: .r0, 0))
        assembler.place(done)
        frame.free(key)
    }
}
