import Testing

@testable import Diagnosis

/// Commands as they are typed outside of a packet's namespace.
@Suite struct NamespaceNameTests {
    private static let named = NamespaceName(inode: 7, name: "web", process: nil)
    private static let container = NamespaceName(inode: 7, process: 582)

    @Test(arguments: [
        ("ss -Hlntup", "ip netns exec web ss -Hlntup"),
        (
            "tcpdump -nvi eth0 'tcp[tcpflags] & tcp-rst != 0'",
            "ip netns exec web tcpdump -nvi eth0 'tcp[tcpflags] & tcp-rst != 0'"
        ),
        (
            "nft 'chain inet guard gate { policy accept; }'",
            "ip netns exec web nft 'chain inet guard gate { policy accept; }'"
        ),
        (
            "echo f > /sys/class/net/eth0/queues/rx-0/rps_cpus",
            "ip netns exec web sh -c 'echo f > /sys/class/net/eth0/queues/rx-0/rps_cpus'"
        ),
        ("echo 'a' > b", #"ip netns exec web sh -c 'echo '\''a'\'' > b'"#),
        ("bpftool net show", "ip netns exec web bpftool net show"),
        ("systemctl start sshd", "systemctl start sshd"), ("bpftool prog show", "bpftool prog show"),
        ("ip netns list", "ip netns list"), ("ip netns exec other ss", "ip netns exec other ss"),
    ])
    func `Commands are run in a named namespace`(command: String, expected: String) {
        #expect(Self.named.placed(command) == expected)
    }

    @Test func `Namespaces without a name are entered by a process`() {
        #expect(Self.container.placed("ip route") == "nsenter --net=/proc/582/ns/net ip route")
        #expect(NamespaceName(inode: 7, name: "a b'c").placed("ss") == #"ip netns exec 'a b'\''c' ss"#)
    }

    @Test func `In its own namespace, and in one that cannot be entered, a command is as it is`() {
        #expect(NamespaceName(inode: 7, isOwn: true, name: "web").placed("ss") == "ss")
        #expect(NamespaceName(inode: 7).placed("ss") == "ss")
    }

    @Test func `What undoes the very culprit takes the place of general advice`() {
        let cause = Cause(
            slug: "x", group: "g", severity: .error, isStray: false, title: "t", meaning: "m", arises: [],
            check: [.init(command: "ss", note: "look")], fix: [.init(command: "general {dev}", note: "n")],
            counters: [],
            related: [], narrower: [], locations: [], refinements: [], returns: [], unansweredRequests: [],
            alternatives: [])
        let writer = AdviceWriter(values: [:], namespace: Self.named)
        #expect(writer.advice(of: cause).map(\.command) == ["ip netns exec web ss", "ip netns exec web general <dev>"])
        let own = [
            Cause.Step(command: "nft 'chain x {dev}'", note: "n", isLiteral: true),
            Cause.Step(command: nil, note: "wait"),
        ]
        #expect(
            writer.advice(of: cause, remedies: own).map(\.command)
                == ["ip netns exec web ss", "ip netns exec web nft 'chain x {dev}'", nil])
    }
}
