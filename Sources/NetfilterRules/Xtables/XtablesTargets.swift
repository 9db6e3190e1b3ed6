/// Converts targets of iptables(8) and iptables-extensions(8) to steps.
struct XtablesTargets {
    let chains: [String: Chain]
    /// The options after the target's name.
    let options: ArraySlice<XtablesRuleReader.Option>

    func steps(_ target: String) -> [Step] {
        if chains[target] != nil, NetfilterHook(rawValue: target.lowercased()) == nil {
            return [.verdict(.jump(target))]
        }
        switch target {
        case "ACCEPT": return [.verdict(.accept)]
        case "DROP": return [.verdict(.drop)]
        case "RETURN": return [.verdict(.return)]
        case "REJECT": return [.verdict(.reject(with: value("--reject-with") ?? "port-unreachable"))]
        case "QUEUE": return [.verdict(.queue(QueueTarget(numbers: 0...0, bypass: false)))]
        case "NFQUEUE": return [.verdict(.queue(queue))]
        case "DNAT", "SNAT", "MASQUERADE", "REDIRECT", "NETMAP": return [.verdict(.nat(target))]
        case "MARK": return [.effect(.setMark(mark))]
        case "CONNMARK" where value("--restore-mark") != nil: return [.effect(.setMark(nil))]
        case "SET" where value("--map-mark") != nil: return [.effect(.setMark(nil))]
        case "TPROXY": return [.effect(.setMark(nil)), .verdict(.opaque(target))]
        case "TTL": return [.effect(.change(header("ip", "ttl")))]
        case "HL": return [.effect(.change(header("ip6", "hoplimit")))]
        case "TOS", "DSCP", "ECN":
            return [.effect(.change(header("ip", "dscp"))), .effect(.change(header("ip6", "dscp")))]
        case "LOG", "NFLOG", "ULOG", "TRACE", "CT", "NOTRACK", "TCPMSS", "TCPOPTSTRIP", "CLASSIFY", "CHECKSUM", "SET",
            "AUDIT", "IDLETIMER", "LED", "RATEEST", "SECMARK", "CONNSECMARK", "CONNMARK", "TEE":
            return []
        case "SYNPROXY":
            return [
                .condition(.any([.equal(.tcpFlags, 0x02, mask: 0x17), .equal(.tcpFlags, 0x10, mask: 0x17)])),
                .verdict(.stolen(target)),
            ]
        default: return [.verdict(.opaque(target))]
        }
    }

    private func value(_ name: String) -> String? {
        options.first { $0.name == name }?.argument
    }

    private func header(_ name: String, _ field: String) -> HeaderField? {
        if case .header(let header)? = NftablesFields.payload(protocol: name, field: field)?.field {
            header
        } else {
            nil
        }
    }

    private var queue: QueueTarget {
        let bypass = value("--queue-bypass") != nil
        let ends = (value("--queue-balance") ?? value("--queue-num") ?? "0").split(separator: ":").compactMap {
            UInt16($0)
        }
        let low = ends.first ?? 0
        return QueueTarget(numbers: low...max(low, ends.last ?? low), bypass: bypass)
    }

    /// `--set-xmark VALUE/MASK` clears the bits of the mask and inverts those of the value; `--set-mark` clears the latter
    /// first, so that it sets them (net/netfilter/xt_mark.c; iptables' libxt_MARK.c).
    private var mark: MarkChange? {
        let parts = (value("--set-xmark") ?? value("--set-mark") ?? "").split(separator: "/").map {
            NftablesSymbols.integer($0).flatMap(UInt32.init(exactly:))
        }
        guard let first = parts.first, let number = first, let mask = parts.count > 1 ? parts[1] : .max else {
            return nil
        }
        return MarkChange(keep: ~(value("--set-xmark") == nil ? mask | number : mask), flip: number)
    }
}
