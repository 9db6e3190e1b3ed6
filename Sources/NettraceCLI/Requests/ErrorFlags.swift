/// Errors of packets (`-e`), by the kernel's reasons for their drop (include/net/dropreason-core.h). No socket receives such
/// packets: the kernel has refused them before.
struct ErrorFlags: Equatable {
    enum Flag: String, CaseIterable {
        case frame, checksum, toobig, toosmall, nobufs, overflow, memory

        fileprivate var reasons: Set<String> {
            switch self {
            case .frame: ["DEV_HDR", "INVALID_PROTO"]
            case .checksum: ["IP_CSUM", "TCP_CSUM", "UDP_CSUM", "ICMP_CSUM", "SKB_CSUM"]
            case .toobig: ["PKT_TOO_BIG"]
            case .toosmall: ["PKT_TOO_SMALL", "HDR_TRUNC"]
            case .nobufs: ["NOMEM"]
            case .overflow: ["SOCKET_RCVBUFF", "CPU_BACKLOG", "FULL_RING"]
            case .memory: ["PROTO_MEM"]
            }
        }
    }

    private let wanted: [Flag]

    /// - Parameter lists: names of flags, separated by commas; `any` for all.
    init(_ lists: [String]) throws {
        var wanted: [Flag] = []
        for word in lists.flatMap({ $0.split(separator: ",") }).map(String.init) {
            if word == "any" {
                wanted += Flag.allCases
            } else if let flag = Flag(rawValue: word) {
                wanted.append(flag)
            } else {
                let names = Flag.allCases.map(\.rawValue).joined(separator: ", ")
                throw RunError("-e '\(word)': no such error; there are any, \(names)")
            }
        }
        self.wanted = Flag.allCases.filter(wanted.contains)
    }

    /// The mnemonic of a drop reason, without its prefix; nil if it is not wanted.
    func mnemonic(of reason: String) -> String? { wanted.first { $0.reasons.contains(reason) }?.rawValue }
}
