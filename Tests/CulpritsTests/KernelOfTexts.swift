import Glibc
import Netlink

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
        default: all = nil
        }
        guard let elements = all as? [Question.Element] else { throw .refused(errno: ENODEV, message: "no such text") }
        return elements
    }

    private func objects(_ command: String) -> [[String: JSONText]]? {
        commands[command].flatMap(JSONText.objects)
    }

    private func command(_ query: RouteQuery) -> String {
        var words = ["ip -j route get", query.destination.text]
        if let source = query.source { words += ["from", source.text] }
        if let device = query.inputDevice { words += ["iif", Devices.name(device) ?? "?"] }
        if let device = query.outputDevice { words += ["oif", Devices.name(device) ?? "?"] }
        if query.mark != 0 { words += ["mark", String(query.mark)] }
        if let flow = query.flow {
            let name = IPProtocolName.text(flow.ipProtocol) ?? "?"
            words += ["ipproto", name, "sport", String(flow.sourcePort), "dport", String(flow.destinationPort)]
        }
        return words.joined(separator: " ")
    }

    private func link(_ query: LinkQuery) -> Link? {
        let name = query.name.isEmpty ? Devices.name(query.index) : query.name
        return name.map { Link(index: Devices.index($0), name: $0) }
    }
}
