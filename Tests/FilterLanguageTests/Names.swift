@testable import FilterLanguage
import Protocols

/// Hosts and services of the tests.
let testNames: FilterNames = {
    var names = FilterNames()
    let hosts = [
        "jake": ["192.26.75.12"], "elwood": ["192.26.75.13"], "fergie": ["10.0.0.1"], "my-host": ["10.0.0.2"],
        "www.example.com": ["10.0.0.1", "10.0.0.9", "2001:db8::1"],
    ].mapValues { $0.compactMap { IPAddress($0) } }
    names.hosts = { hosts[$0] ?? [] }
    names.ethers = { ["gate": MACAddress(bits: 0x0200_0000_0001)][$0] }
    names.services = { name, transport in
        switch name {
        case "login": transport == "tcp" ? 513 : nil
        case "domain": 53
        case "https": 443
        default: nil
        }
    }
    names.netmask = IPv4Address("255.255.255.0")
    return names
}()

func parsed(_ text: String, dataLink: String = "ether") throws(FilterError) -> Filter {
    try Filter(text, dataLink: dataLink, names: testNames)
}

/// The corrected spelling, or the error's message with its column.
func outcome(_ text: String) -> String {
    do {
        return try parsed(text).corrected ?? "unchanged"
    } catch {
        return "\(error.column): \(error.message)"
    }
}
