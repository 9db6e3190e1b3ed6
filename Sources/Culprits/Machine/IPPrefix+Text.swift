import Netlink
import Protocols

extension IPPrefix {
    /// Parses "10.0.0.0/8"; an address without a length stands for itself.
    init?(text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1)
        guard let first = parts.first, let address = IPAddress(String(first)) else { return nil }
        guard let length = parts.count > 1 ? Int(parts[1]) : address.width else { return nil }
        self.init(address, length: length)
    }

    /// Without the length if the prefix is one address.
    var text: String { length == address.width ? address.text : "\(address.text)/\(length)" }

    func contains(_ address: String) -> Bool { IPAddress(address).map(contains) ?? false }
}
