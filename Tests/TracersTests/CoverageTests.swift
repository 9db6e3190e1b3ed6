import Testing
import Tracers

/// tracers.json compared with the kernels of the matrix.
struct CoverageTests {
    let catalog: TracerCatalog

    init() throws {
        catalog = try TracerCatalog.embedded()
    }

    @Test func everyTracerExistsSomewhere() {
        // BPF programs are no part of a kernel.
        let missing = catalog.tracers.filter { tracer in
            tracer.kind != .program && KernelFixture.all.allSatisfy { $0.hooks(for: tracer).isEmpty }
        }
        #expect(missing.map(\.name) == [])
        print(coverageTable())
    }

    /// A socket is enough where no packet exists yet or any more: between a program and its transport.
    @Test(arguments: KernelFixture.all)
    func everyTracerHasAPacketToShow(kernel: KernelFixture) throws {
        let socketGroups = ["tcp", "udp", "sctp", "socket"].map { catalog.group(named: $0)!.subtree }
        let ofFrames = Set(FrameLoss.allCases.map(\.tracer))
        for tracer in catalog.tracers where !ofFrames.contains(tracer.name) {
            let socketsCount = socketGroups.contains { $0.contains(tracer.id.rawValue) }
            for hook in kernel.hooks(for: tracer) {
                let usable =
                    hook.hasSkb || (hook.hasSock && socketsCount) || tracer.fallback != nil
                    // Without BTF the arguments of a clone are not reliable; the plan leaves it out with a note.
                    || (hook.isClone && !hook.hasSock)
                #expect(usable, "\(tracer.name) in \(hook.module)")
            }
        }
    }

    @Test func everyLossOfXDPHasATracer() {
        for loss in FrameLoss.allCases {
            #expect(catalog.tracer(named: loss.tracer)?.flags == [.free, .drop], "\(loss)")
        }
    }

    /// The default leaves other people's programs alone; their group stands for all of them.
    @Test func aGroupInWhichAllAreOffStandsForAll() throws {
        let programs = catalog.selected(by: try #require(catalog.group(named: "bpf")))
        #expect(programs.map { catalog[$0].name } == ["bpf:xdp", "bpf:tc"])
        #expect(!catalog.selected(by: catalog.root).contains { catalog[$0].kind == .program })
    }

    @Test func fallbacksAreForFunctionsThatSomeBTFDoesNotDescribe() {
        for tracer in catalog.tracers where tracer.fallback != nil {
            let hooks = KernelFixture.all.flatMap { $0.hooks(for: tracer) }
            #expect(hooks.contains { !$0.hasSkb }, "\(tracer.name) needs no fallback")
        }
    }

    /// A kernel without kprobes still has events for each layer.
    @Test(arguments: [
        "all", "link", "link-in", "link-out", "sched", "netfilter", "ip", "ip-in", "ip-out", "ip-forward", "ip-route",
        "ip-frag", "ip-multicast", "ipv6", "ipv6-in", "ipv6-out", "ipv6-forward", "ipv6-route", "ipv6-frag",
        "ipv6-multicast", "tunnel", "xfrm", "neigh", "arp", "icmp", "igmp", "tcp", "tcp-in", "tcp-out", "tcp-state",
        "udp", "sctp", "packet", "socket", "life",
    ])
    func groupsWorkByTracepointsAlone(name: String) throws {
        let kernel = KernelFixture(version: "6.18")
        let selected = catalog.selected(by: try #require(catalog.group(named: name)))
        #expect(selected.contains { !kernel.hooks(for: catalog[$0]).isEmpty })
    }

    /// The default must attach quickly and show each step once.
    @Test(arguments: KernelFixture.all.filter { $0.version != "6.18" })
    func theDefaultIsLean(kernel: KernelFixture) {
        let selected = catalog.selected(by: catalog.root)
        let builtIn = Set(selected.filter { kernel.hooks(for: catalog[$0]).contains { $0.module == "vmlinux" } })
        let attached = builtIn.filter { id in catalog[id].insteadOf.map { !builtIn.contains($0) } ?? true }
        #expect((120...170).contains(attached.count), "\(attached.count) hooks without modules")
    }

    private func coverageTable() -> String {
        let width = catalog.groups.map { 2 * $0.depth + $0.name.count }.max()! + 2
        func padded(_ text: String, to width: Int, left: Bool = false) -> String {
            let blanks = String(repeating: " ", count: max(0, width - text.count))
            return left ? blanks + text : text + blanks
        }
        let header =
            padded("tracers found", to: width)
            + KernelFixture.all.map { padded($0.version, to: 9, left: true) }.joined()
        let rows = catalog.groups.map { group in
            padded(String(repeating: "  ", count: group.depth) + group.name, to: width)
                + KernelFixture.all.map { kernel in
                    let found = group.subtree.count { !kernel.hooks(for: catalog.tracers[$0]).isEmpty }
                    return padded("\(found)/\(group.subtree.count)", to: 9, left: true)
                }.joined()
        }
        return ([header] + rows).joined(separator: "\n")
    }
}
