import ArgumentParser

/// Options for conditions on a packet besides its bytes; FilterCheck parses the values. Each may be a list, and may be
/// repeated.
struct MetadataArguments: ParsableArguments {
    @Option(
        name: [.customShort("i", allowingJoined: true), .customLong("interface")],
        help: .init(
            "Only packets that came in or go out by these interfaces; 'any': all. All of these are lists, by comma and by "
                + "repetition.", valueName: "names"))
    var interface: [String] = []

    @Option(
        help: .init(
            "Only these network namespaces: name of 'ip netns', path, process, inode, or 'current'.", valueName: "netns"
        ))
    var netns: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: .init("Only packets of these processes (and of their sockets, once they were seen).", valueName: "pids"))
    var pid: [String] = []

    @Option(help: .init("The same by name of the process's thread.", valueName: "names"))
    var comm: [String] = []

    @Option(help: .init("Only packets of sockets that these users own: name or number.", valueName: "users"))
    var uid: [String] = []

    @Option(
        help: .init(
            "Only packets of sockets in these cgroups (version 2), or below: path, as -o sock shows it.",
            valueName: "paths"))
    var cgroup: [String] = []

    @Option(help: .init("The same by container: its name, or how its id begins.", valueName: "containers"))
    var container: [String] = []

    @Option(
        parsing: .unconditionalSingleValue,
        help: .init("Only packets with this mark: VALUE or VALUE/MASK, decimal or 0x….", valueName: "marks"))
    var mark: [String] = []

    @Option(
        name: .customLong("len"), parsing: .unconditionalSingleValue,
        help: .init("Only packets of so many bytes (skb->len): N, MIN-MAX, MIN-, '>N', '<=N'.", valueName: "ranges"))
    var length: [String] = []
}
