import Protocols

extension ReportNames {
    /// Adds the names of a file in the format of hosts(5): `ADDRESS NAME…`.
    public mutating func addHosts(_ text: String) {
        for words in Self.lines(text) where words.count >= 2 {
            if let address = IPAddress(words[0]) { addHost(address.bytes, String(words[1])) }
        }
    }

    /// Adds the names of a file in the format of services(5): `NAME PORT/PROTOCOL …`.
    public mutating func addServices(_ text: String) {
        for words in Self.lines(text) where words.count >= 2 {
            let parts = words[1].split(separator: "/")
            guard parts.count == 2, let port = UInt16(parts[0]), let number = IPProtocol.number(named: parts[1]) else {
                continue
            }
            addService(port, number, String(words[0]))
        }
    }

    /// The words of each line, without comments.
    private static func lines(_ text: String) -> some Sequence<[Substring]> {
        text.split(whereSeparator: \.isNewline).lazy.map { line in
            line.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace)
        }
    }
}
