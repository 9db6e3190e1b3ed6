extension ICMPHeader {
    /// The message in words; nil for types without words here.
    public var words: StaticString? {
        isV6 ? Self.wordsOfV6(type, code) : Self.wordsOfV4(type, code)
    }

    /// The words for a type that hold for all its codes.
    static func typeWordsOfV4(_ type: UInt64) -> StaticString? {
        type == 11 ? "time exceeded" : wordsOfV4(UInt8(truncatingIfNeeded: type), .max)
    }

    /// The words for a type that hold for all its codes.
    static func typeWordsOfV6(_ type: UInt64) -> StaticString? {
        type == 3 ? "time exceeded" : wordsOfV6(UInt8(truncatingIfNeeded: type), .max)
    }

    /// Names: RFC 792, 950, 1122, 1256, 1812, 8335 and IANA "ICMP Parameters".
    private static func wordsOfV4(_ type: UInt8, _ code: UInt8) -> StaticString? {
        switch type {
        case 0: "ping reply"
        case 3: unreachableV4(code)
        case 4: "source quench"
        case 5: redirect(code)
        case 8: "ping request"
        case 9: "router advertisement"
        case 10: "router solicitation"
        case 11: code == 1 ? "fragment reassembly time exceeded" : "time to live exceeded"
        case 12:
            switch code {
            case 1: "parameter problem: option missing"
            case 2: "parameter problem: bad length"
            default: "parameter problem"
            }
        case 13: "timestamp request"
        case 14: "timestamp reply"
        case 15: "information request"
        case 16: "information reply"
        case 17: "address mask request"
        case 18: "address mask reply"
        case 42: "extended ping request"
        case 43: "extended ping reply"
        default: nil
        }
    }

    private static func unreachableV4(_ code: UInt8) -> StaticString {
        switch code {
        case 0: "network unreachable"
        case 1: "host unreachable"
        case 2: "protocol unreachable"
        case 3: "port unreachable"
        case 4: "fragmentation needed"
        case 5: "source route failed"
        case 6: "network unknown"
        case 7: "host unknown"
        case 8: "source host isolated"
        case 9: "network prohibited"
        case 10: "host prohibited"
        case 11: "network unreachable for this type of service"
        case 12: "host unreachable for this type of service"
        case 13: "communication prohibited"
        case 14: "host precedence violation"
        case 15: "precedence cut-off"
        default: "destination unreachable"
        }
    }

    private static func redirect(_ code: UInt8) -> StaticString {
        switch code {
        case 0: "redirect for network"
        case 1: "redirect for host"
        case 2: "redirect for type of service and network"
        case 3: "redirect for type of service and host"
        default: "redirect"
        }
    }

    /// Names: RFC 4443, 4861, 2710, 3810, 8335 and IANA "ICMPv6 Parameters".
    private static func wordsOfV6(_ type: UInt8, _ code: UInt8) -> StaticString? {
        switch type {
        case 1: unreachableV6(code)
        case 2: "packet too big"
        case 3: code == 1 ? "fragment reassembly time exceeded" : "hop limit exceeded"
        case 4:
            switch code {
            case 0: "parameter problem: bad header field"
            case 1: "parameter problem: unknown next header"
            case 2: "parameter problem: unknown option"
            default: "parameter problem"
            }
        case 128: "ping request"
        case 129: "ping reply"
        case 130: "multicast listener query"
        case 131: "multicast listener report"
        case 132: "multicast listener done"
        case 133: "router solicitation"
        case 134: "router advertisement"
        case 135: "neighbour solicitation"
        case 136: "neighbour advertisement"
        case 137: "redirect"
        case 143: "multicast listener report v2"
        case 151: "multicast router advertisement"
        case 152: "multicast router solicitation"
        case 153: "multicast router termination"
        case 160: "extended ping request"
        case 161: "extended ping reply"
        default: nil
        }
    }

    private static func unreachableV6(_ code: UInt8) -> StaticString {
        switch code {
        case 0: "no route"
        case 1: "communication prohibited"
        case 2: "beyond scope of source address"
        case 3: "address unreachable"
        case 4: "port unreachable"
        case 5: "source address failed policy"
        case 6: "reject route"
        case 7: "source routing error"
        default: "destination unreachable"
        }
    }
}
