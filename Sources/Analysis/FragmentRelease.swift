public import Tracers

/// Whether a place in the kernel frees the parts of an skb together with it (the fragments of a reassembled packet), or an skb
/// that never was a packet. The kernel reports such frees like drops although nothing is lost.
public enum FragmentRelease: Sendable {
    case never
    /// Only directly after the skb to which the parts belong; other frees at this place are drops.
    case afterTheWhole
    case always
}

/// The meaning of frees by their address in the kernel. Each address is looked up once: few places free packets, but each does
/// it very often.
public final class FragmentReleaseTable {
    private let functions: [String: FragmentRelease]
    private let symbolize: (UInt64) -> String
    private var known: [UInt64: FragmentRelease] = [:]

    /// A kernel has fewer places; a damaged recording may claim any number.
    private static let limit = 65536

    /// - Parameter symbolize: returns the symbol of an address, as `function+0x12`.
    public init(_ life: SkbLife, symbolize: @escaping (UInt64) -> String) {
        let always = life.fragmentReleases.map { ($0, FragmentRelease.always) }
        let afterWhole = life.fragmentReleasesAfterWhole.map { ($0, FragmentRelease.afterTheWhole) }
        functions = Dictionary(uniqueKeysWithValues: always + afterWhole)
        self.symbolize = symbolize
    }

    public func release(at address: UInt64) -> FragmentRelease { known[address] ?? learn(address) }

    private func learn(_ address: UInt64) -> FragmentRelease {
        // The compiler adds suffixes such as .part.0 to names.
        let function = symbolize(address).prefix { $0 != "+" && $0 != "." }
        let release = functions[String(function)] ?? .never
        if known.count < Self.limit { known[address] = release }
        return release
    }
}
