/// The data after the network header.
struct Payload {
    /// Offset of the transport header.
    var offset: Int
    /// Bytes on the wire from `offset` to the end of the IP packet; nil if unknown.
    var length: Int?
    /// IP protocol number.
    var proto: UInt8
    /// The authentication header before the transport header.
    var authentication: IPsecHeader?

    /// Moves past a network header at `offset`. `totalLength` is the length that the header states; if it is nil (BIG
    /// TCP), the length given by the caller, counted from the same offset, is used.
    mutating func enter(offset: Int, headerLength: Int, totalLength: Int?, proto: UInt8) {
        self.offset = offset + headerLength
        self.length = (totalLength ?? length).map { max(0, $0 - headerLength) }
        self.proto = proto
    }

    /// Moves past an authentication header, which precedes the transport header like an extension header. Returns false
    /// if it was not captured.
    mutating func enterAuthentication(_ bytes: RawSpan) -> Bool {
        guard let next = bytes.u8(offset), let units = bytes.u8(offset + 1),
            let header = IPsecHeader(bytes, spiAt: offset + 4)
        else { return false }
        authentication = header
        enter(offset: offset, headerLength: (Int(units) + 2) * 4, totalLength: nil, proto: next)
        return true
    }
}
