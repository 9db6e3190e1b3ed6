import Glibc
import HostInspection
import Netlink
import Protocols

@testable import Culprits

/// Answers questions to the kernel by the output that ip(8) would print for the same question.
struct KernelOfTexts {
    /// Commands as they are typed, and their output.
    let commands: [String: String]

    func answers<Question: NetlinkQuestion>(to question: Question) throws(NetlinkError) -> [Question.Element] {
        let all: [Any]?
        switch question {
        case let query as RouteQuery: all = objects(command(query)).map { $0.compactMap(IPOutput.answer) }
        case let query as CoveringRoutes:
            all = commands["ip \(query.address.isIPv6 ? "-6" : "-4") route show table all"].map { text in
                IPOutput.routes(text).filter { $0.destination.contains(query.address) }
            }
        case let query as RoutingRules:
            all = commands["ip \(query.isIPv6 ? "-6" : "-4") rule show"].map(IPOutput.rules)
        case let query as LinkQuery: all = link(query).map { [$0] }
        case is Links: all = links
        case let query as Neighbours:
            all = objects("ip -j neigh show dev \(name(query.device))").map { entries in
                entries.map { LinkOutput.neighbour($0, on: query.device) }
            }
        case let query as ForwardingEntries: all = entries(query)
        case let query as InterfaceAddresses:
            all = objects("ip -j \(query.isIPv6 ? "-6" : "-4") address show").map { $0.flatMap(LinkOutput.addresses) }
        case is VLANMemberships: all = objects("bridge -j vlan show").map { $0.compactMap(LinkOutput.membership) }
        case let query as MulticastGroups:
            all = objects("bridge -j mdb show dev \(name(query.bridge))").map { $0.map(LinkOutput.groups) }
        case let query as InetSockets: all = sockets(query)
        case is XfrmPolicies: all = commands["ip xfrm policy show"].map(TransformOutput.policies)
        case is XfrmStates: all = commands["ip -s xfrm state show"].map(TransformOutput.states)
        default: all = nil
        }
        guard let elements = all as? [Question.Element] else {
            throw .refused(errno: ENODEV, message: "no such command")
        }
        return elements
    }

    private func objects(_ command: String) -> [[String: JSONText]]? {
        commands[command].flatMap(JSONText.objects)
    }

    private func command(_ query: RouteQuery) -> String {
        var words = ["ip -j route get", query.destination.text]
        if let source = query.source { words += ["from", source.text] }
        if let device = query.inputDevice { words += ["iif", name(device)] }
        if let device = query.outputDevice { words += ["oif", name(device)] }
        if query.mark != 0 { words += ["mark", String(query.mark)] }
        if let flow = query.flow {
            let name = IPProtocolName.text(flow.ipProtocol) ?? "?"
            words += ["ipproto", name, "sport", String(flow.sourcePort), "dport", String(flow.destinationPort)]
        }
        return words.joined(separator: " ")
    }

    /// The devices of all texts.
    private var links: [Link] {
        let texts = commands.filter { $0.key.contains(" link show") }.sorted { $0.key < $1.key }
        var links: [Link] = []
        for text in texts {
            for link in (JSONText.objects(text.value) ?? []).compactMap(LinkOutput.link)
            where !links.contains(where: { $0.name == link.name }) { links.append(link) }
        }
        return links
    }

    /// A device without a text is up, and has nothing special.
    private func link(_ query: LinkQuery) -> Link? {
        if let known = links.first(where: { query.name.isEmpty ? $0.index == query.index : $0.name == query.name }) {
            return known
        }
        guard let name = query.name.isEmpty ? Devices.name(query.index) : query.name else { return nil }
        var link = Link(index: Devices.index(name), name: name)
        link.flags = Link.Flags.up | Link.Flags.lowerUp
        return link
    }

    private func entries(_ query: ForwardingEntries) -> [Neighbour]? {
        let place = query.bridge == 0 ? "dev \(name(query.device))" : "br \(name(query.bridge))"
        return objects("bridge -j fdb show \(place)").map { entries in
            entries.map { LinkOutput.neighbour($0, on: query.device) }.filter { entry in
                query.bridge == 0 || entry.master == query.bridge
            }
        }
    }

    private func name(_ index: UInt32) -> String {
        links.first { $0.index == index }?.name ?? Devices.name(index) ?? "?"
    }

    /// The sockets of all texts; nil if there is none for the protocol.
    private func sockets(_ query: InetSockets) -> [InetSocket]? {
        let texts = commands.filter { $0.key.hasPrefix("ss ") && $0.key.contains("u") == (query.ipProtocol == 17) }
        guard !texts.isEmpty else { return nil }
        var sockets: [InetSocket] = []
        for text in Set(texts.values).sorted() {
            for socket in SocketOutput(text).sockets
            where socket.isIPv6 == query.isIPv6 && (query.port == 0 || socket.localPort == query.port)
                && (!query.areWaiting || [.listen, .close].contains(socket.state))
            {
                sockets.append(socket)
            }
        }
        return sockets
    }

    var socketProcesses: [UInt64: SocketProcess] {
        commands.filter { $0.key.hasPrefix("ss ") }.reduce(into: [:]) { owners, text in
            owners.merge(SocketOutput(text.value).owners) { $1 }
        }
    }

    /// Empty for a program that no text names.
    func name(ofProgram id: UInt32) -> String {
        let texts = commands.filter { $0.key.contains(" link show") }.flatMap { JSONText.objects($0.value) ?? [] }
        return texts.lazy.compactMap { LinkOutput.programs($0)[id] }.first ?? ""
    }
}
