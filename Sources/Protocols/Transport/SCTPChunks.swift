// The chunks after the common header of SCTP (RFC 9260, section 3).
extension PacketProtocol {
    private static let chunks = EntryList(.init(typeBits: 16, lengthBits: 16, countsHead: true, alignment: 4)) {
        Range(from: 12, to: $0.length)
    }

    /// Of several chunks of a type, each has a value.
    static let sctpChunks: [ProtocolField] = [
        ProtocolField(
            "sctp.chunks", .decimal, .more, names: ValueNames { SCTPHeader.chunkName(UInt8(truncatingIfNeeded: $0)) }
        ) { header, values in
            let end = chunks.walk(header) { head, _ in values.append(.number(UInt128(head >> 8))) }
            values.append(end)
        },
        part("sctp.data.tsn", [0], .brief, at: 0, 4),
        part("sctp.data.sid", [0], .more, at: 4, 2),
        part("sctp.data.ssn", [0], .more, at: 6, 2),
        part("sctp.data.ppid", [0], .more, at: 8, 4),
        part("sctp.init.tag", [1, 2], .more, .hexadecimal, at: 0, 4),
        part("sctp.init.rwnd", [1, 2], .more, at: 4, 4),
        part("sctp.init.out", [1, 2], .more, at: 8, 2),
        part("sctp.init.in", [1, 2], .more, at: 10, 2),
        part("sctp.init.tsn", [1, 2], .more, at: 12, 4),
        part("sctp.sack.tsn", [3], .brief, at: 0, 4),
        part("sctp.sack.rwnd", [3], .more, at: 4, 4),
        part("sctp.sack.gaps", [3], .most, at: 8, 2),
        part("sctp.sack.dups", [3], .most, at: 10, 2),
        part("sctp.shutdown.tsn", [7], .more, at: 0, 4),
        part("sctp.error.cause", [6, 9], .more, at: 0, 2, names: causes),
    ]

    private static let causes: ValueNames = [
        1: "invalid stream", 2: "missing parameter", 3: "stale cookie", 4: "out of resources",
        5: "unresolvable address", 6: "unrecognized chunk", 7: "invalid parameter", 8: "unrecognized parameters",
        9: "no user data", 10: "cookie while shutting down", 11: "restart with new addresses", 12: "aborted by user",
        13: "protocol violation",
    ]

    /// A number in the value of the chunks of some types.
    private static func part(
        _ name: String, _ types: [UInt64], _ detail: ProtocolField.Detail,
        _ notation: ProtocolField.Notation = .decimal, at offset: Int, _ size: Int, names: ValueNames? = nil
    ) -> ProtocolField {
        ProtocolField(name, notation, detail, names: names) { header, values in
            let end = chunks.walk(header) { head, contents in
                guard types.contains(head >> 8) else { return true }
                // Errors may have no cause.
                guard !contents.isEmpty else { return true }
                let start = contents.lowerBound + offset
                return values.append(
                    start + size <= contents.upperBound ? header.read(at: start, count: size) : .malformed)
            }
            values.append(end)
        }
    }
}
