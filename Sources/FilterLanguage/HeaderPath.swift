public import Protocols

/// Headers that lie inside each other, outermost first.
///
/// The first one belongs to the packet that `base` says. Between two of them there may be others of the same packet (tags,
/// extension headers). A step may enter one tunnel or quote, as far as the first network header in it: `vxlan.ip` is the
/// packet in the tunnel, whereas `ip.tcp` never is.
public struct HeaderPath: Hashable, Sendable {
    public enum Base: Hashable, Sendable {
        /// The packet at this depth of encapsulation; 0 is the one that was captured.
        case depth(Int)
        /// The one that `FilterExpression.anyPacket` tries.
        case any
    }

    /// Places in `ProtocolTable.all`.
    public internal(set) var places: [Int]
    public let base: Base

    /// The last header of the outermost match; nil if the packet has none.
    ///
    /// - Parameter tried: the depth that `any.` means now.
    public func find(in layers: borrowing PacketLayers, tried: Int) -> Layer? {
        let depth =
            switch base {
            case .depth(let depth): depth
            case .any: tried
            }
        guard let first = places.first else { return nil }
        for index in layers.layers.indices where layers.layers[index].depth == depth {
            guard layers.layers[index].place == first else { continue }
            if let found = find(1, after: index, in: layers) { return found }
        }
        return nil
    }

    private func find(_ component: Int, after index: Int, in layers: borrowing PacketLayers) -> Layer? {
        let layer = layers.layers[index]
        guard component < places.count else { return layer }
        var next = index + 1
        while next < layers.layers.count, layers.layers[next].depth <= layer.depth + 1 {
            let candidate = layers.layers[next]
            if candidate.place == places[component], let found = find(component + 1, after: next, in: layers) {
                return found
            }
            // After the first network header, the packet in the tunnel is one of its own.
            if candidate.depth > layer.depth, ProtocolTable.isNetwork(candidate.place) { break }
            next += 1
        }
        return nil
    }
}

/// A field in the last header of a path.
public struct FieldReference: Hashable, Sendable {
    public let path: HeaderPath
    /// Place of its protocol in `ProtocolTable.all`, and its place among the fields of the protocol.
    let place: Int
    let index: Int

    public var field: ProtocolField { ProtocolTable.all[place].fields[index] }

    /// Whether its values may need more than 63 bits.
    var isWide: Bool {
        if case .ipv6 = field.notation { return true }
        return field.fixedBits.map { $0.count > 63 } ?? false
    }
}
