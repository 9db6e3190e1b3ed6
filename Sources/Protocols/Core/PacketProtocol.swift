/// A protocol: the numbers that announce it, its fields, where its header ends and what follows.
///
/// A class, since a walk through a packet's headers hands on several, and a struct with so many members is copied each time.
public final class PacketProtocol: Sendable {
    /// Where the header begins in a packet that is not in a tunnel.
    public enum Base: Sendable {
        case link, network, transport
        /// Only a walk through the headers before it finds it.
        case walked
    }

    /// The first part of the names of its fields: "tcp", "ip6.frag".
    public let name: String
    /// The usual spelling: "TCP".
    public let title: StaticString
    public let numbers: [ProtocolNumber]
    public let base: Base
    public let fields: [ProtocolField]
    let recognises: @Sendable (borrowing HeaderBytes) -> Bool
    let headerLength: @Sendable (borrowing HeaderBytes) -> Int?
    let next: @Sendable (borrowing HeaderBytes) -> NextHeader?
    let summary: @Sendable (borrowing HeaderBytes, inout TextLine) -> Void
    let messageLength: (@Sendable (borrowing HeaderBytes) -> Int?)?

    /// - Parameters:
    ///   - recognises: false if the bytes are not of this protocol although a number says so. A port only suggests a
    ///     protocol: bytes that were not captured prove none. Types and protocol numbers count until bytes contradict.
    ///   - headerLength: bytes of the header, options included; nil if the bytes that say it were not captured.
    ///   - next: what follows the header; nil for data.
    ///   - summary: the most important fields, for one line; appends nothing where bytes are missing.
    ///   - messageLength: for protocols whose messages several segments of TCP may bring: bytes of the message that is
    ///     to be complete before it is decoded; nil if the bytes that say it are missing, 0 if the segment suffices.
    init(
        _ name: String, _ title: StaticString, _ numbers: [ProtocolNumber], base: Base, fields: [ProtocolField],
        recognises: @escaping @Sendable (borrowing HeaderBytes) -> Bool = { _ in true },
        headerLength: @escaping @Sendable (borrowing HeaderBytes) -> Int?,
        next: @escaping @Sendable (borrowing HeaderBytes) -> NextHeader? = { _ in nil },
        summary: @escaping @Sendable (borrowing HeaderBytes, inout TextLine) -> Void = { _, _ in },
        messageLength: (@Sendable (borrowing HeaderBytes) -> Int?)? = nil
    ) {
        self.name = name
        self.title = title
        self.numbers = numbers
        self.base = base
        self.fields = fields
        self.recognises = recognises
        self.headerLength = headerLength
        self.next = next
        self.summary = summary
        self.messageLength = messageLength
    }

    /// Whether the header begins a message of which a stream brings more.
    public func isUnfinished(_ header: borrowing HeaderBytes) -> Bool {
        guard let messageLength else { return false }
        return messageLength(header) ?? .max > header.capturedCount
    }

    /// Whether its messages may be longer than a segment of TCP.
    public var hasMessagesInStreams: Bool { messageLength != nil }

    /// The field of this name without the protocol's: `tcp["flags.syn"]`.
    public subscript(_ field: String) -> ProtocolField? {
        fields.first { $0.name.utf8.dropFirst(name.utf8.count + 1).elementsEqual(field.utf8) }
    }
}
