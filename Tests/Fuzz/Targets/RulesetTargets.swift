import NetfilterRules

/// Listings of firewalls, which contain comments and names that others wrote.
enum RulesetTargets {
    static func nftables(_ bytes: UnsafeRawBufferPointer) {
        var listings = RulesetListings()
        listings.nftablesJSON = String(decoding: bytes, as: UTF8.self)
        ask(listings)
    }

    static func xtables(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        var listings = RulesetListings()
        listings.iptablesLegacy = input.text()
        listings.fibTrie = input.text()
        ask(listings)
    }

    private static func ask(_ listings: RulesetListings) {
        guard let rules = try? Ruleset(listings) else { return }
        for hook in NetfilterHook.allCases {
            _ = rules.culprit(
                of: HookCrossing(hook: hook, family: .ipv4, packet: synToPort80, input: "eth0", output: "eth1"))
        }
    }

    /// 10.0.0.1:1025 → 10.0.0.2:80.
    private static let synToPort80: [UInt8] =
        [0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
        + [4, 1, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0xff, 0xff, 0, 0, 0, 0]
}
