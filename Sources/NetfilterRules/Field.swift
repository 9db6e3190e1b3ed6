/// Something that rules read of a packet.
enum Field: Equatable, Sendable {
    case header(HeaderField)
    /// nft's `meta`: NFPROTO_IPV4 is 2, NFPROTO_IPV6 10.
    case networkFamily
    case transportProtocol
    case etherType
    case packetLength
    case mark
    /// Of the socket that sends the packet.
    case socketUser, socketGroup
    case linkAddress(isSource: Bool)
    case inputName, outputName
    /// A bit mask as `ct state` has it (include/uapi/linux/netfilter/nf_conntrack_common.h, enum nf_ct_state bits).
    case connectionState
    /// 0 original, 1 reply.
    case connectionDirection
    /// The kind of the packet's source or destination address (`AddressTypes`).
    case addressType(isSource: Bool)
    /// 1 if the IPv6 packet has this extension header, else 0.
    case hasExtensionHeader(UInt8)
}

/// Bits at a fixed place in a header, and what the packet must be for them to mean that.
struct HeaderField: Equatable, Sendable {
    enum Requirement: Equatable, Sendable {
        case none
        case version(Int)
        case arp
        case transport([UInt8])
        /// ICMP of this protocol number whose type is one of these.
        case icmp(UInt8, types: [UInt8])
    }

    var base: PacketBytes.Base
    var bit: Int
    var count: Int
    var requirement: Requirement

    func overlaps(_ other: HeaderField) -> Bool {
        base == other.base && bit < other.bit + other.count && other.bit < bit + count
    }
}

/// What rules see while a packet passes a hook.
struct Scene: Sendable {
    let crossing: HookCrossing
    let packet: PacketBytes
    let sets: [NamedSet.Key: NamedSet]
    let addressTypes: AddressTypes
    let earlierSets: [NamedSet.Key: NamedSet]
    /// What can have passed the hook at most.
    let traffic: [TrafficBound]
    /// How often a packet may come to the rule that is looked at: chains may be led to from several hooks.
    var passes: UInt64 = 1
    /// The rules were listed after the packet's end.
    let isListedAfter: Bool
    /// Of ipset, by name.
    let setTypes: [String: String]
    /// Connection tracking has seen the packet, and cannot have found it invalid.
    var isTracked = false
    /// As far as it is known at the rule that is looked at.
    var mark: MarkBits
    /// When the packet was freed: what rules saw of it that no other rule changed it after.
    var markAtEnd: UInt32?
    /// What rules or NAT may have changed between the rule that is looked at and the end of the packet: the captured
    /// bytes are those behind the change.
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
            // At the hooks of bridges and devices the length counts link headers, by the driver's taste.
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

    /// What is forwarded has no socket (net/netfilter/nft_meta.c, nft_meta_get_eval_skugid; xt_owner.c).
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
            if etherType != 0x0806 { return .absent }
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

    /// Why a packet has no header of these protocols.
    private func mismatch(_ protocols: [UInt8]) -> Reading? {
        switch read(.transportProtocol) {
        case .known(.number(let number)):
            protocols.contains(UInt8(truncatingIfNeeded: number)) ? nil : .absent
        case .known, .absent: .absent
        case .unknown(let reason): .unknown(reason)
        }
    }
}
