/// Carries datagrams to the kernel and back.
public protocol NetlinkChannel: AnyObject {
    func send(_ datagram: [UInt8]) throws(NetlinkError)
    func receive() throws(NetlinkError) -> [UInt8]
}

/// Asks questions over a channel, one after the other.
public final class NetlinkSession {
    private let channel: any NetlinkChannel
    private var sequence: UInt32 = 0
    /// A table that changes during each of so many listings is too busy to be listed.
    private static let attempts = 8

    public init(_ channel: any NetlinkChannel) {
        self.channel = channel
    }

    public func answer<Question: NetlinkQuestion>(
        to question: Question
    ) throws(NetlinkError) -> [Question.Element] {
        for _ in 0..<Self.attempts {
            var elements: [Question.Element] = []
            let isConsistent = try exchange(question.request) { message in
                if let element = question.element(message) { elements.append(element) }
            }
            if isConsistent { return elements }
        }
        throw .unsteady
    }

    /// Returns false if the listed table changed in between.
    private func exchange(
        _ request: NetlinkRequest, _ take: (NetlinkMessage) -> Void
    ) throws(NetlinkError) -> Bool {
        sequence &+= 1
        try channel.send(request.encoded(sequence: sequence))
        var isConsistent = true
        while true {
            guard let messages = NetlinkMessage.all(in: try channel.receive()) else { throw .malformed }
            for message in messages where message.sequence == sequence {
                if message.flags & NetlinkMessage.Flags.dumpInterrupted != 0 { isConsistent = false }
                switch message.type {
                case NetlinkMessage.Control.error:
                    if let refusal = message.refusal { throw refusal }
                    return isConsistent
                case NetlinkMessage.Control.done:
                    // Old kernels end some dumps without a code.
                    if !message.payload.isEmpty, let refusal = message.refusal { throw refusal }
                    return isConsistent
                case NetlinkMessage.Control.overrun: throw .malformed
                case ..<NetlinkMessage.Control.end: continue
                default:
                    take(message)
                    if message.flags & NetlinkMessage.Flags.multi == 0, !request.isDump { return isConsistent }
                }
            }
        }
    }
}
