import Diagnosis
import Protocols

/// The multicast group that no socket has joined on the device, or not for this sender.
struct MulticastCulprit: CulpritFinder {
    static let causes: Set = ["multicast-not-member", "multicast-source"]

    func answer(
        to evidence: Evidence, cause: String, in namespace: any NamespaceView
    ) throws(InspectionFailure) -> CulpritAnswer {
        guard let group = evidence.destinationAddress, let source = evidence.sourceAddress,
            let device = evidence.inDevice ?? evidence.device
        else { return .unknown(because: "the packet's addresses were not captured, or not its device") }
        // Without a drop reason from the kernel, the addresses alone must prove the cause.
        guard evidence.hasTellingReason || IPAddress.isMulticast(group) && !IPAddress.isMulticast(source) else {
            return .unknown(because: "the packet does not show it by itself: destination address \(group)")
        }
        let devices = Membership.devices(of: group, in: namespace)
        let filter = SourceFilter(of: group, on: device.name, in: namespace)
        if cause == "multicast-source" {
            guard devices.contains(device.name), let refusal = filter.refusal(of: source) else {
                return .unknown(because: "\(group) is not joined on \(device.name) for certain senders by now")
            }
            return .found(
                Culprit(
                    kind: "membership", name: "group \(group) on \(device.name), joined \(refusal)",
                    details: ["the packet comes from \(source)"]))
        }
        guard !devices.contains(device.name) else {
            return .unknown(because: "\(group) is joined on \(device.name) by now")
        }
        let elsewhere = devices.isEmpty ? [] : ["it is joined on \(devices.joined(separator: ", ")) only"]
        return .found(
            Culprit(
                kind: "packet", name: "destination address \(group)",
                details: (evidence.inDevice == nil ? [] : ["it came by \(device.name)"]) + elsewhere))
    }
}

/// Memberships of a namespace: /proc/net/igmp and igmp6 (net/ipv4/igmp.c, igmp_mc_seq_show; net/ipv6/mcast.c).
private enum Membership {
    static func devices(of group: String, in namespace: any NamespaceView) -> [String] {
        group.contains(":")
            ? devices(ofIPv6: group, namespace.file("igmp6") ?? "")
            : devices(ofIPv4: group, namespace.file("igmp") ?? "")
    }

    /// A line for each device is followed by one for each of its groups, whose bytes are printed in reverse order.
    private static func devices(ofIPv4 group: String, _ text: String) -> [String] {
        let wanted = digits(of: IPAddress(group)?.bytes.reversed() ?? []).uppercased()
        var found: [String] = []
        var device = ""
        for line in text.split(separator: "\n").dropFirst() {
            let words = line.split { $0 == " " || $0 == "\t" }
            if line.first?.isWhitespace != true {
                device = words.count > 1 ? String(words[1].prefix { $0 != ":" }) : ""
            } else if let first = words.first, String(first) == wanted {
                found.append(device)
            }
        }
        return found
    }

    private static func devices(ofIPv6 group: String, _ text: String) -> [String] {
        let wanted = digits(of: IPAddress(group)?.bytes ?? [])
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            return words.count > 2 && words[2] == wanted ? String(words[1]) : nil
        }
    }

    private static func digits(of bytes: [UInt8]) -> String {
        bytes.map { $0.hexadecimal(digits: 2) }.joined()
    }
}

/// The senders for which a group is joined: /proc/net/mcfilter and mcfilter6.
private struct SourceFilter {
    private var included: [String] = []
    private var excluded: [String] = []

    init(of group: String, on device: String, in namespace: any NamespaceView) {
        let text = namespace.file(group.contains(":") ? "mcfilter6" : "mcfilter") ?? ""
        for line in text.split(separator: "\n").dropFirst() {
            // Columns: Idx Device group source INC EXC
            let words = line.split(separator: " ")
            guard words.count == 6, words[1] == device, IPAddress(digits: words[2])?.text == group,
                let source = IPAddress(digits: words[3])?.text
            else { continue }
            if words[4] != "0" { included.append(source) }
            if words[5] != "0" { excluded.append(source) }
        }
    }

    /// Describes the membership that excludes the sender (ip_check_mc_rcu, net/ipv4/igmp.c); nil if the sender is
    /// allowed.
    func refusal(of source: String) -> String? {
        if included.contains(source) { return nil }
        if excluded.contains(source) { return "for all senders but \(excluded.joined(separator: ", "))" }
        return included.isEmpty ? nil : "for \(included.joined(separator: ", ")) only"
    }
}
