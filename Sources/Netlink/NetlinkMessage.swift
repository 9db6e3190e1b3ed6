/// One message of an answer (`struct nlmsghdr`).
public struct NetlinkMessage: Sendable {
    public let type: UInt16
    let flags: UInt16
    let sequence: UInt32
    /// The bytes after the header.
    public let payload: ArraySlice<UInt8>

    static let headerSize = 16

    /// Types of control messages (include/uapi/linux/netlink.h).
    enum Control {
        static let error: UInt16 = 2
        static let done: UInt16 = 3
        static let overrun: UInt16 = 4
        /// Types below this are control messages.
        static let end: UInt16 = 16
    }

    enum Flags {
        static let multi: UInt16 = 0x02
        static let dumpInterrupted: UInt16 = 0x10
        /// NLM_F_CAPPED, NLM_F_ACK_TLVS
        static let capped: UInt16 = 0x100
        static let hasAttributes: UInt16 = 0x200
    }

    /// Splits a datagram. Returns nil if a length is wrong.
    static func all(in datagram: [UInt8]) -> [NetlinkMessage]? {
        var messages: [NetlinkMessage] = []
        var rest = datagram[...]
        while !rest.isEmpty {
            guard let length = rest.number(as: UInt32.self), length >= UInt32(headerSize),
                let whole = rest.bytes(at: 0, count: Int(length)),
                let type = whole.number(at: 4, as: UInt16.self), let flags = whole.number(at: 6, as: UInt16.self),
                let sequence = whole.number(at: 8, as: UInt32.self)
            else { return nil }
            messages.append(
                NetlinkMessage(type: type, flags: flags, sequence: sequence, payload: whole.dropFirst(headerSize)))
            rest = rest.dropFirst((whole.count + 3) / 4 * 4)
        }
        return messages
    }

    /// The error in a message of type error or done; nil if it is an acknowledgement.
    var refusal: NetlinkError? {
        guard let code = payload.number(as: Int32.self) else { return .malformed }
        guard code != 0 else { return nil }
        return .refused(errno: code == .min ? .max : -code, message: extendedAcknowledgement)
    }

    /// NLMSGERR_ATTR_MSG: the kernel's explanation of an error.
    private var extendedAcknowledgement: String? {
        guard flags & Flags.hasAttributes != 0 else { return nil }
        var start = 4
        if type == Control.error {
            // The error repeats the request: only its header if the answer is capped.
            guard let length = payload.number(at: 4, as: UInt32.self) else { return nil }
            start += flags & Flags.capped != 0 ? Self.headerSize : min(Int(length), payload.count)
        }
        let message: UInt16 = 1
        return NetlinkAttributes(payload, after: start).text(message)
    }
}
