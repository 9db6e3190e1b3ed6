/// `-m string`: a text anywhere in the packet (net/netfilter/xt_string.c).
struct TextMatch: Equatable, Sendable {
    var text: [UInt8]
    /// Bounds of the search, as offsets from the network header.
    var from: Int
    var to: Int
    var ignoresCase: Bool

    func evaluate(in context: RuleContext) -> Ternary {
        guard !text.isEmpty, text.count <= 128 else { return .unknown(["the text of a string match"]) }
        // In other families the search begins at another header.
        guard context.crossing.family == .ipv4 || context.crossing.family == .ipv6 else {
            return .unknown(["where a string match begins"])
        }
        let bytes = context.packet.bytes
        let wanted = text.map(folded)
        var start = from
        // Kernels differ in whether `to` bounds the beginning or the end of the text.
        var isDoubtful = false
        while start <= to, start + wanted.count <= bytes.count {
            if zip(bytes[start...], wanted).allSatisfy({ folded($0) == $1 }) {
                if start + wanted.count <= to { return .yes }
                isDoubtful = true
            }
            start += 1
        }
        let sees = min(context.packet.length, to + wanted.count)
        if isDoubtful || bytes.count < sees { return .unknown(["bytes of the packet that were not captured"]) }
        return .no
    }

    private func folded(_ byte: UInt8) -> UInt8 {
        ignoresCase && (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
