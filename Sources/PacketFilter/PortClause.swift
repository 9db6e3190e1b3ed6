/// --sport, --dport, --port: a port, a range of ports or a service name of TCP, UDP or SCTP.
struct PortClause {
    /// "src ", "dst ", or empty for either end.
    let direction: String

    func text(_ item: String, option: String) throws(FilterError) -> String {
        guard let ports = try Self.range(item, option: option) else { return try service(item, option) }
        let isSingle = ports.lowerBound == ports.upperBound
        return isSingle
            ? "\(direction)port \(ports.lowerBound)" : "\(direction)portrange \(ports.lowerBound)-\(ports.upperBound)"
    }

    /// Returns nil if the text may be a service name.
    static func range(_ item: String, option: String) throws(FilterError) -> ClosedRange<UInt16>? {
        let isNumeric = item.utf8.allSatisfy { 0x30...0x39 ~= $0 || $0 == UInt8(ascii: "-") }
        guard isNumeric else { return nil }

        let bounds = item.split(separator: "-", omittingEmptySubsequences: false)
        guard bounds.count <= 2, !bounds.contains("") else {
            throw .invalidOption(
                option: option, text: item, reason: "this is not a range of ports",
                advice: "write the first and the last port, as in 8000-9000")
        }
        let ports = bounds.compactMap { UInt16($0) }
        guard let first = ports.first, let last = ports.last, ports.count == bounds.count else {
            throw .invalidOption(
                option: option, text: item, reason: "ports end at 65535", advice: "use numbers from 0 to 65535")
        }
        guard first <= last else {
            throw .invalidOption(
                option: option, text: item, reason: "the range ends before it starts", advice: "write \(last)-\(first)")
        }
        return first...last
    }

    private func service(_ name: String, _ option: String) throws(FilterError) -> String {
        let isName = name.utf8.allSatisfy {
            0x30...0x39 ~= $0 || 0x41...0x5a ~= $0 || 0x61...0x7a ~= $0 || "-._+".utf8.contains($0)
        }
        let clause = "\(direction)port \\\(name)"
        guard isName, ClassicProgram.canCompile(clause) else {
            throw .invalidOption(
                option: option, text: name, reason: "no service of this name is listed in /etc/services",
                advice: "give the port's number, a range such as 8000-9000, or several separated by commas")
        }
        return clause
    }
}
