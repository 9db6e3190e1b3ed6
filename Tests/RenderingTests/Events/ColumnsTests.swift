import Rendering
import Testing

@Suite struct ColumnsTests {
    @Test func listsAreRead() throws {
        #expect(try OutputColumns(parsing: "pid,if, id") == [.pid, .interface, .id])
        #expect(try OutputColumns(parsing: "") == [])
        #expect(try OutputColumns(parsing: "all") == .all)
        #expect(try OutputColumns(parsing: "ct") == .conntrack)
        #expect(!OutputColumns.all.contains(.conntrack))
        #expect(
            try OutputColumns(parsing: "cpu,module,netns,len,mark,queue,hash,prio,iif,gso,sock,mac,id,if,pid") == .all)
    }

    @Test func unknownNamesListTheValidOnes() {
        let error = #expect(throws: OutputColumns.UnknownName.self) { try OutputColumns(parsing: "pid,foo") }
        #expect(
            error?.description
                == "unknown output column 'foo': valid names are id, cpu, pid, if, netns, module, len, mark, hash, "
                + "queue, prio, iif, gso, mac, sock, container, ct, all")
    }

    @Test func sectionsThatAreNeeded() {
        #expect(OutputColumns.pid.needsTask && !OutputColumns.pid.needsDevice && !OutputColumns.pid.needsMeta)
        #expect(OutputColumns.netns.needsDevice && OutputColumns.interface.needsDevice)
        #expect(OutputColumns.gso.needsMeta && !OutputColumns.id.needsMeta)
    }
}
