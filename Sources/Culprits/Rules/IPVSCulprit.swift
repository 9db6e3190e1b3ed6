import Diagnosis
import NetfilterRules
import Protocols

/// The virtual service that has no server for a new connection, or the connection whose server was removed.
struct IPVSCulprit: CulpritFinder {
    static let causes: Set = ["ipvs-no-destination"]

    /// Hooks at which IPVS handles packets from clients (`ip_vs_ops4` in net/netfilter/ipvs/ip_vs_core.c).
    private static let clientHooks: Set<NetfilterHook> = [.input, .output]

    let hooks: NetfilterHookTable

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard !Self.clientHooks.isDisjoint(with: hooks.possible(evidence)) else {
            return .unknown(because: "IPVS looks at packets that come in or are made here, and at no others")
        }
        guard hooks.engine(of: evidence) == nil else { return .unknown(because: "a rule dropped it") }
        guard let listing = namespace.file("ip_vs") else { return .unknown(because: "IPVS is not in use here") }
        guard let transport = evidence.transport, transport != "sctp", let ports = evidence.ports,
            let source = evidence.sourceAddress, let destination = evidence.destinationAddress
        else { return .unknown(because: "IPVS has no connections of such packets") }
        let client = IPVSTable.Place(address: source, port: ports.source)
        let virtual = IPVSTable.Place(address: destination, port: ports.destination)
        let service = IPVSTable(listing).service(transport: transport, at: virtual, mark: evidence.mark)
        let connection = IPVSTable.connections(in: namespace.file("ip_vs_conn") ?? "").first {
            $0.transport == transport && $0.client == client && $0.virtual == virtual
        }
        if let connection { return answer(connection, of: service, in: namespace) }
        guard let service else { return .unknown(because: "IPVS has no service for \(transport) \(virtual)") }
        if case .tcp(let header)? = evidence.packet?.headers.transport, header.flags?.contains(.syn) != true {
            return .unknown(because: "IPVS lets segments of connections that it does not know go by")
        }
        return answer(service, at: virtual)
    }

    private func answer(
        _ connection: IPVSTable.Connection, of service: IPVSTable.Service?, in namespace: any NamespaceView
    ) -> CulpritAnswer {
        let name = "\(connection.transport) \(connection.client) → \(connection.virtual)"
        guard service?.servers.contains(where: { $0.place == connection.server }) != true else {
            return .unknown(because: "IPVS has a server for \(name): \(connection.server)")
        }
        // With 1 the kernel removes the connection's entry, and the next packet creates a new one.
        guard namespace.sysctl("net/ipv4/vs/expire_nodest_conn") == "0" else {
            return .unknown(because: "the server of \(name) is gone, and so is the connection by now")
        }
        return .found(
            Culprit(
                kind: "ipvs-connection", name: "IPVS connection \(name) → \(connection.server)",
                details: [
                    "the server is no longer one of the service's",
                    "net.ipv4.vs.expire_nodest_conn = 0: the connection stays, and its packets are dropped",
                ],
                values: ["server": "\(connection.server)"]))
    }

    private func answer(_ service: IPVSTable.Service, at virtual: IPVSTable.Place) -> CulpritAnswer {
        let servers = service.servers
        guard servers.allSatisfy({ $0.weight == 0 }) else {
            return .unknown(
                because: "the service has servers with a weight; they may be overloaded (ipvsadm -Ln --thresholds)")
        }
        let (name, option) = names(of: service, at: virtual)
        let list = servers.map(\.place.description).joined(separator: ", ")
        var values = ["ipvs": option]
        values["server"] = servers.first?.place.description
        return .found(
            Culprit(
                kind: "ipvs-service", name: "IPVS service \(name) (\(service.scheduler))",
                details: [servers.isEmpty ? "it has no server" : "all its servers have weight 0: \(list)"],
                values: values))
    }

    /// Name of the service for the reader, and option that selects it in ipvsadm(8).
    private func names(of service: IPVSTable.Service, at virtual: IPVSTable.Place) -> (name: String, option: String) {
        switch service.key {
        case .place(let transport, let place):
            ("\(transport) \(place)", "\(transport == "udp" ? "-u" : "-t") \(place)")
        case .mark(let mark): ("of mark \(mark), asked for by \(virtual)", "-f \(mark)")
        }
    }
}
