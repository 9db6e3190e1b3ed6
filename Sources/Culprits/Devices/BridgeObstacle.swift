import Diagnosis

/// The first check of a bridge that a frame fails, in the kernel's order: br_handle_frame_finish in
/// net/bridge/br_input.c, should_deliver in br_forward.c.
struct BridgeObstacle {
    /// Slug of the cause.
    var cause: String
    var culprit: Culprit
    /// A few words about the port, for lists.
    var summary: String
}

extension Bridge {
    /// Finds the first obstacle for a frame to a unicast address.
    ///
    /// - Parameters:
    ///   - tag: VLAN of the frame; nil if it is untagged.
    ///   - ingress: the port that received the frame; nil if the bridge itself sends it.
    /// - Returns: nil if the bridge would now forward the frame or deliver it locally.
    func obstacle(from source: String, to destination: String, tag: Int?, ingress: Port?) -> BridgeObstacle? {
        if let ingress, let obstacle = obstacle(from: source, tag: tag, at: ingress) { return obstacle }
        let vlan = filtersVLANs ? tag ?? untaggedVLAN(at: ingress?.ifname ?? name) : nil
        if ingress == nil, filtersVLANs, let obstacle = outside(vlan, name) { return obstacle }
        guard let entry = entry(for: destination, vlan: vlan) else {
            return flooding(to: destination, vlan: vlan, ingress: ingress)
        }
        guard entry.state != "permanent", let target = entry.ifname.flatMap(port) else { return nil }
        if target.ifname == ingress?.ifname, target.hairpin != true {
            return BridgeObstacle(
                cause: "bridge-no-target",
                culprit: Culprit(
                    kind: "fdb-entry", name: entry.text,
                    details: ["it points to \(target.ifname), where the frame came in; a port gets nothing back"],
                    values: ["dev": target.ifname, "bridge": name, "mac": destination]),
                summary: "it came from there")
        }
        return obstacle(to: target, vlan: vlan, ingress: ingress)
    }

    /// Checks at the input port, which do not depend on the destination.
    func obstacle(from source: String, tag: Int?, at port: Port) -> BridgeObstacle? {
        if let state = port.state, state != "forwarding", state != "learning" { return blocked(port, state) }
        let vlan = tag ?? untaggedVLAN(at: port.ifname)
        if filtersVLANs {
            guard let vlan else {
                return obstacle("bridge-vlan-filter", port, "no VLAN for untagged frames (PVID)", [])
            }
            if let obstacle = outside(vlan, port.ifname) { return obstacle }
        }
        if port.locked == true, !isAuthorised(source, at: port, filtersVLANs ? vlan : nil) {
            return obstacle("bridge-locked", port, "locked on", ["\(source) has no entry of its own for this port"])
        }
        return port.state == "learning" ? blocked(port, "learning") : nil
    }

    private func isAuthorised(_ source: String, at port: Port, _ vlan: Int?) -> Bool {
        guard let entry = entry(for: source, vlan: vlan) else { return false }
        return entry.ifname == port.ifname && entry.state != "permanent" && !entry.isLocked
    }

    /// Checks at a possible output port.
    private func obstacle(to port: Port, vlan: Int?, ingress: Port?) -> BridgeObstacle? {
        if let state = port.state, state != "forwarding" { return blocked(port, state) }
        if filtersVLANs, let obstacle = outside(vlan, port.ifname) { return obstacle }
        guard let ingress, ingress.isolated == true, port.isolated == true else { return nil }
        return obstacle(
            "bridge-isolated", port, "isolated on", ["\(ingress.ifname), where the frame came in, is isolated as well"])
    }

    /// The address has no entry: the frame goes to all ports with flooding enabled.
    private func flooding(to destination: String, vlan: Int?, ingress: Port?) -> BridgeObstacle? {
        var obstacles: [BridgeObstacle] = []
        for port in ports where port.ifname != ingress?.ifname || port.hairpin == true {
            guard
                let found = port.flood == false
                    ? obstacle("bridge-no-target", port, "flood off", [])
                    : obstacle(to: port, vlan: vlan, ingress: ingress)
            else { return nil }
            obstacles.append(found)
        }
        let unknown = "no entry of the forwarding database says which port has \(destination)"
        if obstacles.count == 1 {
            obstacles[0].culprit.details.append(unknown)
            return obstacles[0]
        }
        let isAlike = obstacles.allSatisfy { $0.cause == obstacles[0].cause }
        let reasons = obstacles.map(\.summary)
        return BridgeObstacle(
            cause: isAlike && !obstacles.isEmpty ? obstacles[0].cause : "bridge-no-target",
            culprit: Culprit(
                kind: "bridge",
                name: reasons.isEmpty
                    ? "\(name): it has no other port"
                    : "\(name): none of its ports takes it: \(reasons.joined(separator: "; "))",
                details: [unknown], values: ["bridge": name, "mac": destination]),
            summary: "")
    }

    private func blocked(_ port: Port, _ state: String) -> BridgeObstacle {
        var found = obstacle("bridge-stp", port, "state \(state)", [])
        // A bridge that is set down disables its ports (br_stp_disable_bridge, net/bridge/br_stp_if.c).
        if state == "disabled", !isUp {
            found.culprit = Culprit(
                kind: "device", name: "\(name) (down)",
                details: ["a bridge that is down disables its ports: \(port.ifname) is disabled"],
                values: ["dev": port.ifname, "bridge": name],
                remedies: [Cause.Step(command: "ip link set dev {bridge} up", note: "set the bridge up")])
        }
        return found
    }

    private func outside(_ vlan: Int?, _ device: String) -> BridgeObstacle? {
        guard let vlan, !holds(vlan, at: device) else { return nil }
        let values = ["dev": device, "bridge": name, "vlan": String(vlan)]
        let isPort = device != name
        return BridgeObstacle(
            cause: "bridge-vlan-filter",
            culprit: Culprit(
                kind: isPort ? "bridge-port" : "bridge",
                name: isPort ? "\(device) master \(name): not in VLAN \(vlan)" : "\(device): not in VLAN \(vlan)",
                values: values), summary: "\(device) is not in VLAN \(vlan)")
    }

    private func obstacle(_ cause: String, _ port: Port, _ setting: String, _ details: [String]) -> BridgeObstacle {
        BridgeObstacle(
            cause: cause,
            culprit: Culprit(
                kind: "bridge-port", name: "\(port.ifname) master \(name): \(setting)", details: details,
                values: ["dev": port.ifname, "bridge": name]),
            summary: "\(port.ifname) has \(setting)")
    }
}
