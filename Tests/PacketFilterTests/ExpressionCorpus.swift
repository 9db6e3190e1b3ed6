/// Expressions of every kind that libpcap compiles for Ethernet.
enum ExpressionCorpus {
    static let aboveEthernet = [
        "ip", "ip6", "arp", "rarp", "not ip", "tcp", "udp", "icmp", "icmp6", "igmp", "sctp", "ip proto 47", "proto 50",
        "host 10.0.0.8", "src host 10.0.0.8", "dst host 10.0.0.9", "host 2001:db8::1", "src host 2001:db8::2",
        "net 10.0.0.0/24", "src net 192.168.0.0/16", "dst net 2001:db8::/32", "not net 10.0.0.0/8", "net 0.0.0.0/0",
        "port 80", "src port 443", "dst port 53", "portrange 8000-9000", "not port 80", "src portrange 1-1023",
        "tcp port 80 and host 10.0.0.1", "tcp port 80 or udp port 53 or icmp", "port 80 or port 443 or port 8080",
        "host 10.0.0.8 and not port 22 and (tcp or udp or icmp6)",
        "arp host 10.0.0.8", "arp[6:2] = 1",
        "arp net 10.0.0.0/24 or ip multicast", "ip multicast", "ip6 multicast", "icmp[icmptype] = icmp-echo",
        "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0", "tcp[13] & 0x12 = 0x12 or (ip6[6] = 6 and ip6[53] & 18 = 18)",
        "(ip[2:2] - ((ip[0] & 0xf) << 2)) - ((tcp[12] & 0xf0) >> 2) != 0", "ip[0] & 0xf != 5", "ip[6:2] & 0x1fff != 0",
        "less 100", "greater 200", "len = 98", "len > 60 and len <= 120", "len - 14 = ip[2:2]",
        "ip[8] < 65", "ip[1:4] > 0x00100000", "ip[3:4] != 0", "ether[13] = 0", "ether[12] = 8",
        "ether[12:4] & 0xff = 0",
        "ether[13:2] & 0xf0 = 0x40", "ip[ip[0] & 0xf] = 64", "ether[ip[8]] > 100", "udp[4:2] > 40", "udp[100] = 7",
        "ether[125:1] > 99", "ether[124:4] > 0x7fffffff", "ether[125:2] > 0x7fff", "ether[150:4] > 0x7fffffff",
        "ip[20:4] / (ip[8] - 64) = 1", "ip[2:2] % 7 = 3", "ip[2:2] % (tcp[3] & 3) = 1", "ip[4:2] ^ ip[2:2] > 60",
        "ip[0] << (ip[9] & 63) > 100", "ip[12:4] >> ip[9] = 0", "ip[16:4] * 3 > 0x10000000",
        "-ip[0] > 0xf0000000", "ip[ip[2:2]] = 1", "tcp[tcp[12] >> 2] > 100", "ip[ip[16:4]:2] = 5",
        "ip[12:4] = ip[16:4]", "ip[12:4] > ip[16:4]", "ip[12:4] & ip[16:4] = 0x0a000008", "ip[2:2] | ip[4:2] >= 90",
        "vlan", "vlan 5", "vlan 5 and host 10.0.0.8", "vlan and tcp port 80", "not vlan", "vlan and vlan",
        "mpls", "pppoes", "ether proto 0x88cc", "iso", "stp", "llc", "atalk",
        "(tcp[2:2] > 1500 and tcp[2:2] < 1550) or (tcp[0:2] >= 40000) or udp[0:2] + udp[2:2] = 133",
        "ip6[40] = 128", "ip6[6] = 44 and ip6[48:2] = 80", "sctp port 80", "ip6 and udp port 53",
    ]

    /// Expressions that read the Ethernet addresses, which a packet may lack.
    static let onEthernetAddresses = [
        "ether host 02:00:00:00:00:01", "ether src 02:00:00:00:00:02", "ether dst ff:ff:ff:ff:ff:ff",
        "ether multicast", "ether broadcast", "not ether src 02:00:00:00:00:01", "ether[0] & 1 != 0",
        "ether[3:4] = 1", "ether[10:4] > 0", "ether[11:2] = 0x0108", "ether[9:4] != 0",
        "tcp and ether host 02:00:00:00:00:01",
        "ether src 02:00:00:00:00:02 or host 10.0.0.8", "ether[ip[8] & 15] = 2", "ether[(ip[8] & 1) + 12] = 8",
    ]
}
