/// Names of hosts and services, as /etc/hosts and /etc/services have them.
public struct ReportNames: Sendable {
    /// By address in the order of the wire, 4 or 16 bytes as a number, and whether it has 16.
    private var hosts: [HostKey: [UInt8]] = [:]
    private var services: [ServiceKey: [UInt8]] = [:]
    /// Most addresses and ports have no name: a look at the lower 16 bits finds that out.
    private var hostHints = [Bool](repeating: false, count: 1 << 16)
    private var serviceHints = [Bool](repeating: false, count: 1 << 16)

    public init() {}

    struct HostKey: Hashable {
        let bits: UInt128
        let isIPv6: Bool
    }

    struct ServiceKey: Hashable {
        let port: UInt16
        let ipProtocol: UInt8
    }

    func host(_ bits: UInt128, isIPv6: Bool) -> [UInt8]? {
        hostHints[Int(UInt16(truncatingIfNeeded: bits))] ? hosts[HostKey(bits: bits, isIPv6: isIPv6)] : nil
    }

    func service(_ port: UInt16, _ ipProtocol: UInt8) -> [UInt8]? {
        serviceHints[Int(port)] ? services[ServiceKey(port: port, ipProtocol: ipProtocol)] : nil
    }

    /// The first name of an address counts.
    public mutating func addHost(_ address: [UInt8], _ name: String) {
        guard address.count == 4 || address.count == 16 else { return }
        let key = HostKey(bits: address.reduce(0) { $0 << 8 | UInt128($1) }, isIPv6: address.count == 16)
        guard hosts[key] == nil else { return }
        hosts[key] = Array(name.utf8)
        hostHints[Int(UInt16(truncatingIfNeeded: key.bits))] = true
    }

    public mutating func addService(_ port: UInt16, _ ipProtocol: UInt8, _ name: String) {
        let key = ServiceKey(port: port, ipProtocol: ipProtocol)
        guard services[key] == nil else { return }
        services[key] = Array(name.utf8)
        serviceHints[Int(port)] = true
    }
}
