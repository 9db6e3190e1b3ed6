import ArgumentParser
import Diagnosis
import Tracers
import Testing

@testable import NettraceCLI

@Suite struct CounterTests {
    private let catalog: CauseCatalog

    init() throws { catalog = try CauseCatalog.embedded() }

    /// A counter as a person types it, and a cause that it leads to.
    @Test(arguments: [
        ("ListenDrops", "syn-queue-full"), ("ListenOverflows", "accept-queue-full"),
        ("TcpExtListenOverflows", "accept-queue-full"), ("TCPBacklogDrop", "socket-backlog-full"),
        ("RcvbufErrors", "receive-buffer-full"), ("Udp6RcvbufErrors", "receive-buffer-full"),
        ("rx_dropped", "cpu-backlog-full"), ("rx_missed", "device-ring-full"), ("rx_missed_errors", "device-ring-full"),
        ("softnet_dropped", "cpu-backlog-full"), ("IPReversePathFilter", "rp-filter"),
        ("ReasmFails", "fragments-incomplete"),
        ("insert_failed", "conntrack-insert-failed"), ("outnoroutes", "no-route-out"),
        ("rx_queue_0_drops", "xdp-drop"), ("XfrmInNoPols", "xfrm-policy"),
    ])
    func leadsToItsCause(_ name: String, slug: String) {
        guard case .counter(_, let counters) = catalog.topic(named: name) else {
            Issue.record("\(name) is no counter")
            return
        }
        #expect(counters.contains { $0.causes.contains(slug) }, "\(counters)")
    }

    @Test(arguments: ["foo", "TcpFoo", "drops", "In", "Octet"])
    func otherWordsAreNoCounters(_ name: String) {
        #expect(catalog.counters(named: name).isEmpty)
    }

    /// Every suggested command is accepted by this program.
    @Test func commandsAreValid() throws {
        let tracers = try TracerCatalog.embedded()
        for trace in Set(catalog.counters.compactMap(\.trace)) {
            let words = trace.split(separator: " ").map(String.init)
            #expect(words.first == "nettrace")
            let command = try Nettrace.parseAsRoot(Spelling(Array(words.dropFirst())).arguments)
            guard let trace = command as? TraceCommand else { continue }
            _ = try trace.events.places.selection(from: tracers)
            _ = try trace.events.output.outputColumns()
        }
    }

    /// Every counter has a cause, a command or a meaning.
    @Test func everyCounterLeadsOn() {
        for counter in catalog.counters {
            #expect(counter.trace != nil || !counter.causes.isEmpty || !counter.meaning.isEmpty)
            #expect(!counter.names.isEmpty)
        }
    }
}
