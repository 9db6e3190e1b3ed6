import Tracers

/// A tracer tree with one tracer of each kind: look-ups go through all names of a tree, and with these few they meet
/// the same cases a hundred times as fast.
enum SmallCatalog {
    static let tracers: TracerCatalog = {
        do {
            return try TracerCatalog(json: json.utf8)
        } catch {
            fatalError("the small tracer tree is broken: \(error)")
        }
    }()

    private static let json = """
        {
          "name": "all", "description": "everything",
          "groups": [
            {
              "name": "ip", "description": "IP", "includes": ["skb:kfree_skb"],
              "groups": [
                {"name": "ip-in", "description": "in", "tracers": [
                  {"name": "ip_rcv", "returns": "net-rx", "description": "a"},
                  {"name": "ip6_finish_output2", "kernel": ["ip6_finish_output2", "__ip6_output"],
                   "flags": ["off"], "description": "b"},
                  {"name": "net:netif_rx", "kind": "tracepoint", "instead_of": "ip_rcv", "description": "c"}]}
              ]
            },
            {
              "name": "life", "description": "life",
              "tracers": [
                {"name": "skb:kfree_skb", "kind": "tracepoint", "flags": ["drop", "free"], "description": "d"},
                {"name": "tcp_v4_rcv", "flags": ["matcher"], "description": "e"}]
            }
          ]
        }
        """
}
