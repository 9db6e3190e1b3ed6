/// The parts of a report that its reader chose.
public struct ReportOptions: Sendable {
    /// A line with the number of each packet.
    public var hasNumbers = false
    /// Each line begins with the protocol that it is about, instead of headings.
    public var hasPrefixes = false
    /// The whole packet in hexadecimal, instead of the bytes after its headers.
    public var isHexadecimal = false
    /// Each field of each header by its name, and the date.
    public var isVerbose = false
    /// Addresses without names.
    public var hidesHosts = false
    public var validatesChecksums = false
    /// The headers of Sun RPC and NFS, instead of their bytes.
    public var decodesRPC = false
    /// The most bytes in hexadecimal; nil for all.
    public var byteLimit: Int?

    public init() {}
}
