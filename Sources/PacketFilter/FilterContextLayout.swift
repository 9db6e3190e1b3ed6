/// Layout of the translated filter's argument, struct nt_filter_ctx of BPF/include/nettrace_abi.h, which the BPF
/// program fills on its stack before the call. A test compares every number with the C header.
public enum FilterContextLayout {
    /// u64, kernel address of the first L3 byte: the byte after the Ethernet header, if there is one.
    public static let l3Address: Int16 = 0
    /// u32, bytes of the packet from L3 on, fragments included.
    public static let l3Length: Int16 = 8
    /// u32, how many of these lie in the linear area and can be read.
    public static let l3Linear: Int16 = 12
    /// u32, how many of these are copied to `data`: at least min(l3Linear, dataSize - ethernetLength).
    public static let captured: Int16 = 16
    /// u16 in host byte order, the ethertype of the L3 header, whether or not there is an Ethernet header.
    public static let ethertype: Int16 = 20
    /// u16, 1 if `data` starts with the packet's Ethernet header.
    public static let hasEthernet: Int16 = 22
    /// The copy of the packet's first bytes: 14 for the Ethernet header, then L3, which is aligned to 8.
    public static let data: Int16 = 26
    /// Bytes of `data`.
    public static let dataSize = 126
    public static let size = 152

    /// ETH_HLEN: bytes of `data` before the L3 header.
    public static let ethernetLength = 14
    /// Bytes of the two addresses at the start of the Ethernet header.
    static let addressesLength = 12
}
