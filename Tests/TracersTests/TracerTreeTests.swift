import Testing
import Tracers

/// tracers.json as a text that people read and type.
struct TracerTreeTests {
    let catalog: TracerCatalog

    init() throws {
        catalog = try TracerCatalog.embedded()
    }

    @Test func thereAreEnoughTracers() {
        #expect(catalog.tracers.count >= 300)
    }

    @Test func descriptionsFitAListing() {
        let descriptions = catalog.groups.map(\.description) + catalog.tracers.map(\.description)
        for description in descriptions {
            #expect(description.count <= 90, "\(description)")
            #expect(!description.hasSuffix("."), "\(description)")
            #expect(!description.contains("\n"))
        }
        let repeated = Dictionary(grouping: descriptions) { $0 }.filter { $0.value.count > 1 }.keys
        #expect(repeated.sorted() == [])
    }

    @Test(arguments: [
        "all", "link", "link-in", "link-out", "sched", "xdp", "bridge", "vlan", "bonding", "macvlan", "netfilter",
        "nf-hooks", "conntrack", "nat", "iptables", "nftables", "ipset", "ipvs", "ip", "ip-in", "ip-out", "ip-forward",
        "ip-route", "ip-frag", "ip-multicast", "ipv6", "ipv6-in", "ipv6-out", "ipv6-forward", "ipv6-route", "ipv6-frag",
        "ipv6-multicast", "tunnel", "vxlan", "geneve", "gre", "ipip", "sit", "wireguard", "xfrm", "neigh", "arp",
        "icmp", "igmp", "tcp", "tcp-in", "tcp-out", "tcp-state", "udp", "sctp", "packet", "socket", "life",
    ])
    func theGroupExistsAndSelectsSomething(name: String) throws {
        let group = try #require(catalog.group(named: name))
        #expect(!catalog.selected(by: group).isEmpty)
    }

    /// Well-known names from the manual page.
    @Test(arguments: [
        "napi_gro_receive", "enqueue_to_backlog", "__netif_receive_skb_core", "do_xdp_generic",
        "xdp_do_generic_redirect", "generic_xdp_tx", "dev_queue_xmit", "dev_hard_start_xmit", "tcf_classify",
        "cls_bpf_classify", "tcf_bpf_act", "nf_hook_slow", "ip_rcv", "ip_rcv_core", "ip_rcv_finish", "ip_forward",
        "ip_output", "ip_finish_output", "ip_finish_output2", "consume_skb", "kfree_skb",
    ])
    func theTracerKeepsItsName(name: String) {
        #expect(catalog.tracer(named: name) != nil)
    }

    @Test func groupsAreInDepthFirstOrder() {
        for group in catalog.groups {
            #expect(catalog[group.id] == group)
            for child in group.groups {
                #expect(catalog[child].parent == group.id)
                #expect(catalog[child].depth == group.depth + 1)
                #expect(group.subgroups.contains(child.rawValue))
                #expect(catalog[child].subtree.clamped(to: group.subtree) == catalog[child].subtree)
            }
        }
        #expect(catalog.root.subtree == 0..<catalog.tracers.count)
        #expect(catalog.root.subgroups == 0..<catalog.groups.count)
    }

    @Test func dropsAreFreesToo() {
        for tracer in catalog.tracers where tracer.flags.contains(.drop) {
            #expect(tracer.flags.contains(.free), "\(tracer.name)")
        }
    }
}
