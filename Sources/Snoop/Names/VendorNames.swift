import Protocols

/// Makers of network devices by the first three bytes of an Ethernet address (IEEE's list of OUIs): those of virtual
/// machines, of common servers and boards, and of the time of the first netsnoop.
enum VendorNames {
    static func name(_ address: MACAddress) -> StaticString? {
        switch address.bits >> 24 {
        case 0x08_0069: "SGI"
        case 0x08_0020: "Sun"
        case 0x08_002b: "DEC"
        case 0x00_000c: "Cisco"
        case 0x00_0393, 0x00_0a27: "Apple"
        case 0x00_0c29, 0x00_0569, 0x00_5056, 0x00_1c14: "VMware"
        case 0x08_0027: "VirtualBox"
        case 0x00_163e: "Xen"
        case 0x00_155d: "Hyper-V"
        case 0x52_5400: "QEMU"
        case 0x00_1b21, 0x00_1e67, 0xa0_369f, 0x3c_fdfe: "Intel"
        case 0x00_02c9, 0x24_8a07, 0x0c_42a1: "Mellanox"
        case 0x00_0af7, 0x00_1018: "Broadcom"
        case 0x00_e04c: "Realtek"
        case 0xb8_27eb, 0xdc_a632, 0xe4_5f01: "RaspberryPi"
        case 0x00_2590, 0xac_1f6b: "Supermicro"
        case 0x00_005e: "IANA"
        default: nil
        }
    }
}
