import Diagnosis
import Protocols

/// Parts of a lost frame in the notation of ip(8) and bridge(8).
extension Evidence {
    var frame: EthernetHeader? { packet?.ethernet }
}

extension MACAddress {
    /// Broadcast or multicast.
    var isGroup: Bool { bits >> 40 & 1 == 1 }

    /// The last digit of 01:80:c2:00:00:00 to 0f (IEEE 802.1D), to which bridges do not forward frames; nil for all
    /// others.
    var reservedNumber: Int? { bits >> 4 == 0x0180_c200_000 ? Int(bits & 0xf) : nil }
}
