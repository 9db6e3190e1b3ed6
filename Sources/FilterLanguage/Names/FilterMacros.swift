import Protocols

/// Macros: names for filters and parts of them, each in the scope of a protocol.
public struct FilterMacros: Sendable {
    public struct Macro: Equatable, Sendable {
        public let body: String
        /// The number of arguments: the highest N of the `$N` in the body.
        public let arity: Int

        public init(_ body: String) {
            self.body = body
            arity = Self.arguments(in: body).map(\.number).max() ?? 0
        }

        /// The body with each `$N` replaced by the Nth argument; nil if it has more than `FilterMacros.textLimit` bytes.
        func expanded(_ arguments: [String]) -> String? {
            var text: [UInt8] = []
            let bytes = Array(body.utf8)
            var start = 0
            for formal in Self.arguments(in: body) {
                text += bytes[start..<formal.range.lowerBound]
                if formal.number >= 1, formal.number <= arguments.count { text += arguments[formal.number - 1].utf8 }
                start = formal.range.upperBound
                guard text.count <= FilterMacros.textLimit else { return nil }
            }
            guard text.count + bytes.count - start <= FilterMacros.textLimit else { return nil }
            return String(decoding: text + bytes[start...], as: UTF8.self)
        }

        private static func arguments(in body: String) -> [(number: Int, range: Range<Int>)] {
            let bytes = Array(body.utf8)
            var found: [(number: Int, range: Range<Int>)] = []
            var offset = 0
            while let dollar = bytes[offset...].firstIndex(of: UInt8(ascii: "$")) {
                let digits = bytes[(dollar + 1)...].prefix { $0 >= 0x30 && $0 <= 0x39 }
                offset = digits.endIndex
                if let number = Int(String(decoding: digits.prefix(4), as: UTF8.self)) {
                    found.append((number, dollar..<offset))
                }
            }
            return found
        }
    }

    /// More arguments than this are a slip of the finger.
    public static let arityLimit = 9

    /// Bytes of a filter, and of a macro with its arguments.
    static let textLimit = 65536

    /// Stands for every data link protocol.
    static let everywhere = "*"

    /// By the name of the protocol and that of the macro.
    private var definitions: [String: [String: Macro]]

    /// Those that every protocol brings along.
    public init() { definitions = Self.predefined }

    func find(_ name: String, in protocolName: String) -> Macro? { definitions[protocolName]?[name] }

    /// Defines a macro. Returns true if this replaces another definition.
    public mutating func define(_ name: String, in protocolName: String, as body: String) -> Bool {
        let macro = Macro(body)
        let before = definitions[protocolName, default: [:]].updateValue(macro, forKey: name)
        return before != nil && before != macro
    }

    /// The macros of a protocol, by name.
    public func all(in protocolName: String) -> [(name: String, macro: Macro)] {
        (definitions[protocolName] ?? [:]).map { ($0.key, $0.value) }.sorted { $0.name < $1.name }
    }

    /// `ip.between` and its like, for a protocol whose fields are `src` and `dst`.
    private static let pair = [
        "between": "(src == $1 && dst == $2) || (src == $2 && dst == $1)",
        "host": "src == $1 || dst == $1",
    ]

    private static let port = ["port": "sport == $1 || dport == $1"]

    private static let predefined: [String: [String: Macro]] = [
        everywhere: ["port": "tcp.port $1 || udp.port $1"],
        "ether": pair.merging([
            "BROADCAST": "ff:ff:ff:ff:ff:ff", "multicast": "(dst & 0x010000000000) != 0",
        ]) { $1 },
        "arp": ["REQUEST": "1", "REPLY": "2"],
        "ip": pair.merging(["DF": "0x4000", "MF": "0x2000"]) { $1 },
        "ip6": pair,
        "icmp": [
            "ECHOREPLY": "0", "UNREACH": "3", "SOURCEQUENCH": "4", "REDIRECT": "5", "ECHO": "8", "ROUTERADVERT": "9",
            "ROUTERSOLICIT": "10", "TIMXCEED": "11", "PARAMPROB": "12", "TSTAMP": "13", "TSTAMPREPLY": "14",
        ],
        "icmp6": [
            "UNREACH": "1", "TOOBIG": "2", "TIMXCEED": "3", "PARAMPROB": "4", "ECHO": "128", "ECHOREPLY": "129",
            "ROUTERSOLICIT": "133", "ROUTERADVERT": "134", "NEIGHBORSOLICIT": "135", "NEIGHBORADVERT": "136",
            "REDIRECT": "137",
        ],
        "tcp": port.merging([
            "FIN": "0x01", "SYN": "0x02", "RST": "0x04", "PUSH": "0x08", "PSH": "0x08", "ACK": "0x10", "URG": "0x20",
            "ECE": "0x40", "CWR": "0x80",
        ]) { $1 },
        "udp": port, "udplite": port, "sctp": port, "dccp": port,
    ].mapValues { $0.mapValues(Macro.init) }
}
