import ArgumentParser

/// The view per packet: what belongs together, and how long it took.
struct PacketLifeArguments: ParsableArguments {
    @Flag(help: "Keep following a packet once it matched, also when NAT or a tunnel changes its addresses.")
    var skbMode = false
}
