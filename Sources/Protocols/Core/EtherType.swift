/// Ethertypes, as in the kernel's include/uapi/linux/if_ether.h.
public enum EtherType {
    public static var ipv4: UInt16 { 0x0800 }
    public static var arp: UInt16 { 0x0806 }
    public static var transparentBridging: UInt16 { 0x6558 }
    public static var rarp: UInt16 { 0x8035 }
    public static var vlan: UInt16 { 0x8100 }
    public static var ipv6: UInt16 { 0x86dd }
    public static var mpls: UInt16 { 0x8847 }
    public static var mplsMulticast: UInt16 { 0x8848 }
    public static var providerVLAN: UInt16 { 0x88a8 }
    /// ERSPAN types I and II.
    static var erspan2: UInt16 { 0x88be }
    static var erspan3: UInt16 { 0x22eb }

    static func isVLAN(_ etherType: UInt16) -> Bool {
        // 0x9100 and 0x9200 are the QinQ types from before 802.1ad (ETH_P_QINQ1, ETH_P_QINQ2).
        etherType == vlan || etherType == providerVLAN || etherType == 0x9100 || etherType == 0x9200
    }

    /// The common name of an ethertype; nil if it has none here.
    public static func name(_ etherType: UInt16) -> StaticString? {
        switch etherType {
        case ipv4: "IP"
        case arp: "ARP"
        case rarp: "RARP"
        case ipv6: "IPv6"
        case vlan: "802.1Q"
        case providerVLAN: "802.1ad"
        case 0x9100, 0x9200: "QinQ"
        case transparentBridging: "TEB"
        case 0x8137: "IPX"
        case 0x809b: "AppleTalk"
        case 0x8809: "LACP"
        case mpls: "MPLS"
        case mplsMulticast: "MPLS-multicast"
        case 0x8863: "PPPoE-discovery"
        case 0x8864: "PPPoE"
        case 0x888e: "EAPOL"
        case 0x88cc: "LLDP"
        case 0x88e5: "MACsec"
        case 0x88f7: "PTP"
        case erspan2, erspan3: "ERSPAN"
        case 0x8906: "FCoE"
        case 0x8915: "RoCE"
        case 0x894f: "NSH"
        case 0x4305: "BATMAN"
        default: nil
        }
    }
}
