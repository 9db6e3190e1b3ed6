import Protocols

/// A property of a packet that rules read.
enum Field: Equatable, Sendable {
    case header(HeaderField)
    /// `meta nfproto` of nft: NFPROTO_IPV4 is 2, NFPROTO_IPV6 is 10.
    case networkFamily
    case transportProtocol
    case etherType
    case packetLength
    case mark
    /// User and group of the sending socket.
    case socketUser, socketGroup
    case linkAddress(isSource: Bool)
    case inputName, outputName
    /// Bit mask of `ct state` (include/uapi/linux/netfilter/nf_conntrack_common.h, NF_CT_STATE_BIT).
    case connectionState
    /// 0 for the original direction, 1 for the reply.
    case connectionDirection
    /// The type of the packet's source or destination address (`AddressTypes`).
    case addressType(isSource: Bool)
    /// 1 if the IPv6 packet has this extension header, otherwise 0.
    case hasExtensionHeader(UInt8)
}

/// The state that rules see while a packet passes a hook.
struct RuleContext: Sendable {
    let crossing: HookCrossing
    let packet: PacketBytes
    let sets: [NamedSet.Key: NamedSet]
    let addressTypes: AddressTypes
    let earlierSets: [NamedSet.Key: NamedSet]
    /// Upper bounds for the traffic through the hook.
    let traffic: [TrafficBound]
    /// Upper bound for the number of times that one packet meets the current rule: several hooks may lead to its chain.
    var passes: UInt64 = 1
    /// Whether the rules were listed after the packet's end.
    let isListedAfter: Bool
    /// Types of ipset's sets by name.
    let setTypes: [String: String]
    /// Whether connection tracking has seen the packet and cannot have classified it as invalid.
    var isTracked = false
    /// The known bits of the mark at the current rule.
    var mark: MarkBits
    /// The mark when the packet was freed, which rules saw after the last change of the mark.
    var markAtEnd: UInt32?
    /// Fields that rules or NAT may have changed between the current rule and the end of the packet: the captured bytes
    /// show them after the change.
    var changed: [HeaderField] = []

    init(crossing: HookCrossing, in ruleset: Ruleset, earlier: Ruleset? = nil) {
        self.crossing = crossing
        sets = ruleset.sets
        earlierSets = earlier?.sets ?? [:]
        setTypes = ruleset.setTypes
        isListedAfter = ruleset.begunAt.map { crossing.timestamp ?? .max < $0 } ?? false
        traffic = ruleset.bounds(at: crossing, since: earlier)
        addressTypes = ruleset.addressTypes
        packet = PacketBytes(crossing)
        mark = .unknown
        markAtEnd = crossing.mark
    }

    func read(_ field: Field) -> Reading {
        switch field {
        case .header(let field): return read(field)
        case .networkFamily: return networkFamily
        case .transportProtocol: return packet.transport
        case .etherType: return etherType
        case .packetLength:
            // At hooks of bridges and devices the length includes link headers, depending on the driver.
            guard crossing.family == .ipv4 || crossing.family == .ipv6 else { return .unknown("the frame's length") }
            return .known(.number(UInt128(crossing.length)))
        case .mark:
            return mark.masked(by: .max).map { .known(.number(UInt128($0))) }
                ?? .unknown("the packet's mark at this rule")
        case .socketUser: return owner(crossing.sender?.user, "the user of the packet's socket (skuid, owner)")
        case .socketGroup: return owner(crossing.sender?.group, "the group of the packet's socket (skgid, owner)")
        case .linkAddress(let isSource):
            guard let link = crossing.link else { return .unknown("the frame's addresses") }
            return .known(.number(isSource ? link.source : link.destination))
        case .inputName: return name(of: crossing.input, "the incoming device")
        case .outputName: return name(of: crossing.output, "the outgoing device")
        case .connectionState: return connectionState
        case .connectionDirection: return connectionDirection
        case .addressType(let isSource): return addressType(isSource: isSource)
        case .hasExtensionHeader(let header):
            guard packet.version == 6 else { return .absent }
            if case .unknown(let reason) = packet.transport { return .unknown(reason) }
            return .known(.number(packet.extensionHeaders.contains(header) ? 1 : 0))
        }
    }

    /// Forwarded packets have no socket (net/netfilter/nft_meta.c, nft_meta_get_eval_skugid; xt_owner.c).
    private func owner(_ number: UInt32?, _ what: String) -> Reading {
        if crossing.hook == .forward { return .absent }
        return number.map { .known(.number(UInt128($0))) } ?? .unknown(what)
    }

    private var networkFamily: Reading {
        switch crossing.family {
        case .ipv4: .known(.number(2))
        case .ipv6: .known(.number(10))
        case .arp: .known(.number(3))
        case .bridge: .known(.number(7))
        case .netdev: .known(.number(5))
        }
    }

    private var etherType: Reading {
        crossing.etherType.map { .known(.number(UInt128($0))) } ?? .unknown("the network protocol")
    }

    private func name(of device: HookDevice, _ what: String) -> Reading {
        switch device {
        case .named(let name): .known(.text(name))
        case .none: .known(.text(""))
        case .unknown: .unknown(what)
        }
    }

    private var connectionState: Reading {
        switch crossing.connection {
        case .unknown: .unknown("the connection's state (ct state)")
        case .invalid: .known(.number(1))
        case .established, .establishedReply: .known(.number(2))
        case .related, .relatedReply: .known(.number(4))
        case .new: .known(.number(8))
        case .untracked: .known(.number(64))
        }
    }

    private var connectionDirection: Reading {
        switch crossing.connection {
        case .unknown: .unknown("the connection's direction (ct direction)")
        case .invalid, .untracked: .absent
        case .established, .related, .new: .known(.number(0))
        case .establishedReply, .relatedReply: .known(.number(1))
        }
    }

    private func addressType(isSource: Bool) -> Reading {
        guard let version = packet.version else { return .unknown("the network protocol") }
        let name = version == 4 ? "ip" : "ip6"
        guard
            case .header(let field)? = NftablesFields.payload(protocol: name, field: isSource ? "saddr" : "daddr")?
                .field
        else { return .absent }
        switch read(field) {
        case .known(.number(let address)):
            return addressTypes.type(of: address, version: version).map { .known(.number($0)) }
                ?? .unknown("the \(isSource ? "source" : "destination") address's type (addrtype, fib)")
        case let other: return other
        }
    }

    private func read(_ field: HeaderField) -> Reading {
        switch field.requirement {
        case .none: break
        case .version(let version):
            guard crossing.etherType != nil else { return .unknown("the network protocol") }
            if packet.version != version { return .absent }
        case .arp:
            guard let etherType = crossing.etherType else { return .unknown("the network protocol") }
            if etherType != EtherType.arp { return .absent }
        case .transport(let protocols):
            if let problem = mismatch(protocols) { return problem }
        case .icmp(let number, let types):
            if let problem = mismatch([number]) { return problem }
            switch packet.read(.transport, bit: 0, count: 8) {
            case .known(.number(let type)) where !types.contains(UInt8(truncatingIfNeeded: type)): return .absent
            case .known: break
            case let other: return other
            }
        }
        if changed.contains(where: field.overlaps) {
            return .unknown("a header field that a rule or NAT may have changed later")
        }
        return packet.read(field.base, bit: field.bit, count: field.count)
    }

    /// The reading for a packet that does not have a header of these protocols; nil if it has one.
    private func mismatch(_ protocols: [UInt8]) -> Reading? {
        switch read(.transportProtocol) {
        case .known(.number(let number)):
            protocols.contains(UInt8(truncatingIfNeeded: number)) ? nil : .absent
        case .known, .absent: .absent
        case .unknown(let reason): .unknown(reason)
        }
    }
}
