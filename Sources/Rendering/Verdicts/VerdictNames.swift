import Text

/// Decisions about packets that carry a parameter in their upper bits.
extension ByteBuffer {
    /// Netfilter's: `NF_ACCEPT`, `NF_QUEUE 3`, `NF_DROP EPERM`. The protocol trackers of conntrack return them negated.
    mutating func appendVerdict(_ verdict: Int64) -> Bool {
        if verdict < 0 {
            guard let name = Self.verdict(-verdict) else { return false }
            append("-")
            append(name)
            return true
        }
        guard let name = Self.verdict(verdict & 0xff) else { return false }
        append(name)
        let parameter = verdict >> 16
        switch verdict & 0xff {
        case 3:
            append(" ")
            appendDecimal(parameter)
        // NF_DROP_ERR and NF_DROP_REASON (include/linux/netfilter.h): the latter has freed the packet itself.
        case 0 where parameter != 0, 2 where parameter != 0:
            append(" ")
            if let error = ErrorNames.name(parameter) {
                append(error)
            } else {
                appendDecimal(parameter)
            }
        default: break
        }
        return true
    }

    /// include/uapi/linux/netfilter.h
    private static func verdict(_ number: Int64) -> StaticString? {
        switch number {
        case 0: "NF_DROP"
        case 1: "NF_ACCEPT"
        case 2: "NF_STOLEN"
        case 3: "NF_QUEUE"
        case 4: "NF_REPEAT"
        case 5: "NF_STOP"
        default: nil
        }
    }

    /// include/uapi/linux/netfilter/x_tables.h: a verdict, or what to do next in the table.
    mutating func appendTarget(_ decision: Int64) -> Bool {
        switch decision {
        case -1: append("XT_CONTINUE")
        case -5: append("XT_RETURN")
        case 0...: return appendVerdict(decision)
        default: return false
        }
        return true
    }

    /// include/uapi/linux/pkt_cls.h: `TC_ACT_SHOT`, `TC_ACT_JUMP 2`, `TC_ACT_GOTO_CHAIN 7`.
    mutating func appendAction(_ action: Int64) -> Bool {
        let parameter = action & 0xfff_ffff
        switch action >> 28 {
        case 0, -1:
            guard let name = Self.action(action) else { return false }
            append(name)
            return true
        case 1: append("TC_ACT_JUMP ")
        case 2: append("TC_ACT_GOTO_CHAIN ")
        default: return false
        }
        appendDecimal(parameter)
        return true
    }

    private static func action(_ number: Int64) -> StaticString? {
        switch number {
        case -1: "TC_ACT_UNSPEC"
        case 0: "TC_ACT_OK"
        case 1: "TC_ACT_RECLASSIFY"
        case 2: "TC_ACT_SHOT"
        case 3: "TC_ACT_PIPE"
        case 4: "TC_ACT_STOLEN"
        case 5: "TC_ACT_QUEUED"
        case 6: "TC_ACT_REPEAT"
        case 7: "TC_ACT_REDIRECT"
        case 8: "TC_ACT_TRAP"
        // include/net/pkt_cls.h, of the kernel alone: the packet is somebody else's now.
        case 9: "TC_ACT_CONSUMED"
        default: nil
        }
    }
}
