internal import CLibPCap

/// The header that packets of a device begin with.
public enum LinkHeader: Sendable {
    case ethernet
    /// None: the packet begins with IPv4 or IPv6.
    case ip
    /// One that is replaced by that of Linux cooked captures (LINKTYPE_LINUX_SLL2).
    case cooked

    /// Types of devices (include/uapi/linux/if_arp.h): ARPHRD_ETHER and ARPHRD_LOOPBACK.
    static let ethernetDevices: [UInt16] = [1, 772]
    /// ARPHRD_NONE (tun, WireGuard), ARPHRD_RAWIP, ARPHRD_SIT.
    static let ipDevices: [UInt16] = [65534, 519, 776]

    /// - Parameter hardwareType: ARPHRD_ number of a device.
    public init(hardwareType: UInt16) {
        self =
            Self.ethernetDevices.contains(hardwareType)
            ? .ethernet : Self.ipDevices.contains(hardwareType) ? .ip : .cooked
    }

    /// The DLT_ number.
    var number: Int32 {
        switch self {
        case .ethernet: Int32(bitPattern: CLIBPCAP_ETHERNET.rawValue)
        case .ip: Int32(bitPattern: CLIBPCAP_IP.rawValue)
        case .cooked: Int32(bitPattern: CLIBPCAP_COOKED.rawValue)
        }
    }
}
