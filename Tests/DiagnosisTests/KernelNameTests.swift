import Diagnosis
import FoundationEssentials
import Testing
import Tracers

/// Functions and tracepoints that tracers.json and Swift code name exist in a kernel of the matrix.
@Suite struct KernelNameTests {
    private static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures")
    private static let sources = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Sources")

    private let catalog: TracerCatalog
    /// Of all kernels.
    private let functions: Set<String>
    private let tracepoints: Set<String>
    /// Functions that no kernel of the matrix has as a symbol: its compiler inlines them into their callers.
    private let inlined: Set<String>

    init() throws {
        catalog = try TracerCatalog.embedded()
        var functions: Set<String> = []
        var tracepoints: Set<String> = []
        for kernel in ["5.10", "6.1", "6.12", "6.18", "7.2"] {
            for fields in try Self.lines("kernels/\(kernel).txt") {
                if fields[0] == "f" { functions.insert(fields[1]) } else { tracepoints.insert(fields[1]) }
            }
        }
        for kernel in ["5.10", "6.1", "6.12", "7.2"] {
            for fields in try Self.lines("functions/\(kernel).txt") { functions.insert(fields[0]) }
        }
        self.functions = functions
        self.tracepoints = tracepoints
        inlined = Set(try Self.lines("functions/inlined.txt").map { $0[0] })
    }

    private static func lines(_ file: String) throws -> [[String]] {
        let text = try String(decoding: Data(contentsOf: fixtures.appending(path: file)), as: UTF8.self)
        return text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
    }

    private func unknown(_ names: some Sequence<String>) -> [String] {
        Set(names).subtracting(functions).subtracting(inlined).sorted()
    }

    private static let remedy: Comment = "correct it, or make Tests/Fixtures/functions anew (docs/TRACERS.md)"

    @Test func theLifeOfPacketsIsKnown() {
        let life = catalog.life
        let places = (life.links + life.ends).flatMap(\.functions)
        #expect(unknown(places) == [], Self.remedy)
        #expect(unknown(life.fragmentReleases.union(life.fragmentReleasesAfterWhole)) == [], Self.remedy)
        for name in [life.consumption, life.drop] + life.ends.compactMap(\.tracepointInside) {
            #expect(tracepoints.contains(String(name.drop { $0 != ":" }.dropFirst())), "\(name)")
        }
    }

    @Test func thePlacesOfNetfilterAreKnown() {
        let places = catalog.netfilter
        #expect(unknown(places.callers.map(\.function) + places.callers.compactMap(\.outputAfter)) == [], Self.remedy)
        #expect(unknown(places.queues.union(places.nftables).union(places.xtables)) == [], Self.remedy)
    }

    @Test func thePlacesOfCausesAreKnown() throws {
        let causes = try CauseCatalog.embedded().causes
        #expect(unknown(causes.flatMap(\.locations)) == [], Self.remedy)
        #expect(unknown(causes.flatMap(\.refinements).map(\.location)) == [], Self.remedy)
    }

    /// Such a list gets stale when a kernel is added.
    @Test func noKernelHasAFunctionThatAllInline() {
        #expect(inlined.intersection(functions).sorted() == [])
    }

    /// Quoted words with an underscore in the modules that reason about the kernel are functions, tracers, or `others`.
    @Test func namesInSwiftAreKnown() throws {
        let tracers = Set(catalog.tracers.map(\.name))
        var used: Set<String> = []
        for (file, text) in try Self.swiftFiles(in: ["Analysis", "AttachPlanning", "Culprits", "Diagnosis", "Pipeline"])
        {
            let names = Self.quoted(in: text).filter { name in
                name.contains("_") && name.last != "_" && name.utf8.allSatisfy(Self.isOfName)
            }
            used.formUnion(names)
            let strange = unknown(names).filter { !tracers.contains($0) && !Self.others.contains($0) }
            #expect(strange == [], "\(file): no function of a kernel; add it to `others` if it is not meant as one")
        }
        #expect(Self.others.subtracting(used).sorted() == [], "no longer used")
        #expect(used.isSuperset(of: ["xfrm_input", "veth_poll"]))
    }

    @Test func tracepointsInSwiftAreKnown() throws {
        var count = 0
        for (file, text) in try Self.swiftFiles(in: ["Diagnosis", "KernelAccess", "NettraceCLI"]) {
            for name in Self.quoted(in: text) {
                let parts = name.split(separator: ":", omittingEmptySubsequences: false)
                guard parts.count == 2, ["skb", "net", "tcp", "sock"].contains(parts[0]),
                    !parts[1].isEmpty, parts[1].utf8.allSatisfy(Self.isOfName)
                else { continue }
                count += 1
                #expect(tracepoints.contains(String(parts[1])), "\(file): \(name)")
            }
        }
        #expect(count >= 8)
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }

    /// Every second piece between quotation marks; comments are left out.
    private static func quoted(in text: String) -> [String] {
        text.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }.flatMap { line in
            line.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
                .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
        }
    }

    private static func swiftFiles(in modules: [String]) throws -> [(name: String, text: String)] {
        try modules.flatMap { module in
            let folder = sources.appending(path: module)
            return try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
                .map {
                    (
                        "\(module)/\($0)",
                        String(decoding: try Data(contentsOf: folder.appending(path: $0)), as: UTF8.self)
                    )
                }
        }
    }

    /// Words that are not meant as functions.
    private static let others: Set<String> = [
        // Types of the kernel.
        "inet_connection_sock", "inet_sock", "inet_timewait_sock", "raw_sock", "request_sock", "sk_buff",
        "sk_rst_reason",
        "skb_drop_reason", "tcp_sock", "udp_sock",
        // Stands in for return addresses in Linux 5.16 to 6.0.
        "__kretprobe_trampoline",
        // Modules.
        "ieee802154_socket", "ip6_gre", "ip6_tunnel", "ip_gre", "l2tp_ip", "l2tp_ip6", "mpls_router", "nf_tables",
        // Settings, files and counters below /proc.
        "app_solicit", "arp_filter", "fib_trie", "if_inet6", "insert_failed", "ip6_tables_names", "ip_tables_names",
        "ip_vs", "ip_vs_conn", "mcast_solicit", "table_fulls",
        // Words of tools.
        "dst_ip", "dst_port", "eth_type", "fq_codel", "fq_pie", "if_id", "in_hw", "in_trigger", "ip_proto", "not_in_hw",
        "src_ip", "src_port", "suppress_ifgroup", "suppress_prefixlength", "tcx_egress", "tcx_ingress", "tun_id",
        // A kind of program, and a hook of security modules.
        "raw_tp", "socket_sock_rcv_skb",
    ]
}
