/// --tcp-flags: every flag that is named must be set; the others may be.
enum TCPFlagsClause {
    /// libpcap's tcp[] reads IPv4 only, so IPv6 is spelled out: next header at 6, the flags byte at 40 + 13. The
    /// filter's view has no extension headers in between (`FilterViews.seesExtensions`).
    static func text(_ letters: String, option: String) throws(FilterError) -> String {
        var mask: UInt8 = 0
        for letter in singleLetters(letters) {
            guard let flag = flags[letter] else {
                throw .invalidOption(
                    option: option, text: letters, reason: "'\(letter)' is not a TCP flag",
                    advice:
                        "use the letters S (SYN), A (ACK), R (RST), P (PSH), F (FIN), U (URG), E (ECE) and C (CWR), or names"
                )
            }
            mask |= flag
        }
        guard mask != 0 else {
            throw .invalidOption(
                option: option, text: letters, reason: "no flag is named",
                advice: "write letters such as S, SA or R; for any TCP packet use --proto tcp")
        }
        return "tcp[13] & \(mask) = \(mask) or (ip6[6] = 6 and ip6[53] & \(mask) = \(mask))"
    }

    /// `SA`, `S,A`, `SYN,ACK`: splits into single upper-case letters.
    private static func singleLetters(_ text: String) -> [String] {
        var letters: [String] = []
        for item in text.split(separator: ",") {
            let word = item.filter { $0 != " " }.uppercased()
            if let letter = names[word] { letters.append(letter) } else { letters += word.map(String.init) }
        }
        return letters
    }

    private static let names = [
        "SYN": "S", "ACK": "A", "RST": "R", "PSH": "P", "PUSH": "P", "FIN": "F", "URG": "U", "ECE": "E", "CWR": "C",
    ]

    /// The bits of byte 13 of the TCP header (RFC 9293, RFC 3168).
    private static let flags: [String: UInt8] = [
        "F": 0x01, "S": 0x02, "R": 0x04, "P": 0x08, "A": 0x10, "U": 0x20, "E": 0x40, "C": 0x80,
    ]
}
