import Testing
import Tracers

@Suite struct SocketEventTests {
    @Test func numbersLeadBack() {
        for event in SocketEvent.allCases { #expect(SocketEvent(number: event.number) == event) }
        #expect(SocketEvent(number: 0) == nil)
        #expect(SocketEvent(number: 4711) == nil)
    }

    @Test func everyEventIsDeclaredSomewhere() throws {
        let catalog = try TracerCatalog.embedded()
        let declared = Set(catalog.tracers.compactMap(\.event))
        #expect(declared == Set(SocketEvent.allCases))
        for tracer in catalog.tracers where tracer.flags.contains(.monitor) { #expect(tracer.event != nil) }
    }

    @Test func aSelectionOfEventsHasTracersThatAreOffToo() throws {
        let catalog = try TracerCatalog.embedded()
        let all = try TracerSelection(socketEventsOf: catalog) { _ in true }
        let names = Set(all.tracers.map { catalog[$0].name })
        #expect(names.isSuperset(of: ["tcp_close", "sock:inet_sock_set_state"]))
        #expect(!names.contains("ip_rcv"))
        let some = try TracerSelection(socketEventsOf: catalog, excluded: ["tcp_close"]) { $0.event != .state }
        #expect(some.tracers.count == all.tracers.count - 2)
        let more = try some.adding(TracerSelection(wanted: ["ip_rcv", "tcp_connect"], from: catalog))
        #expect(more.tracers.count == some.tracers.count + 2)
    }

    @Test func anUnknownEventIsRefused() {
        let json = #"{"name":"all","description":"d","tracers":[{"name":"x","description":"d","event":"bang"}]}"#
        #expect(throws: TracerCatalogError.self) { try TracerCatalog(json: json.utf8) }
    }
}
