import Protocols

extension FrameText {
    /// A value by a name, or in the notation of the founding document, in `line`. Returns false for all others.
    mutating func appendNamed(_ value: UInt128, _ entry: FrameLayout.Entry, _ kind: PacketProtocol) -> Bool {
        switch entry.field.notation {
        case .ethernet: append(MACAddress(bits: UInt64(truncatingIfNeeded: value)))
        case .ipv4, .ipv6:
            // Addresses of ARP stay numbers: they say which address is looked for.
            guard kind.base == .network, kind.name != "arp", options.protocols.has("hostname", of: kind.name),
                let host = host(IPAddress(bits: value, isIPv6: kind.name == "ip6"))
            else { return false }
            line.append(printable: host)
        case .flags(let flags):
            if value == 0 { line.append(text: "0") } else { line.append(flagsOf: value, flags) }
        case .decimal where entry.role == .grouped: line.append(grouped: UInt64(truncatingIfNeeded: value))
        case .decimal where entry.role == .port:
            guard options.protocols.has("portname", of: kind.name),
                let service = names.service(UInt16(truncatingIfNeeded: value), kind.name)
            else { return false }
            line.append(printable: service)
        default: return false
        }
        return true
    }

    private func host(_ address: IPAddress) -> String? { names.host(address) ?? servers?.name(of: address) }

    /// `8:0:69:2:c:a7/SGI`
    private mutating func append(_ address: MACAddress) {
        if options.protocols.has("hostname", of: "ether"), let name = names.ether(address) {
            return line.append(printable: name)
        }
        for shift in stride(from: UInt64(40), through: 0, by: -8) {
            line.append(hexadecimal: UInt8(truncatingIfNeeded: address.bits >> shift))
            if shift > 0 { line.append(text: ":") }
        }
        guard options.protocols.has("vendor", of: "ether"), let vendor = VendorNames.name(address) else { return }
        line.append(text: "/")
        line.append(text: vendor.description)
    }
}
