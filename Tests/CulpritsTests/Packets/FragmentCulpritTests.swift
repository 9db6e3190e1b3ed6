import Culprits
import Diagnosis
import Testing

/// Fragments lost for different causes end at the same place; counters and memory tell the causes apart.
@Suite struct FragmentCulpritTests {
    private static let counted = """
        TcpExt: SyncookiesSent ReasmOverlaps
        TcpExt: 0 7
        IpExt: InNoRoutes ReasmOverlaps
        IpExt: 0 1
        """

    private func answer(
        _ cause: String, _ namespace: FakeNamespace, at function: String = "ip_defrag", waited: UInt64? = nil,
        returned: Int64? = nil
    ) -> CulpritAnswer {
        let later: [UInt8] =
            [0x45, 0, 0, 28, 0, 9, 0, 5, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2] + [UInt8](repeating: 0, count: 8)
        var evidence = Evidence.datagram().with(later)
        evidence.function = function
        evidence.waited = waited
        if let returned {
            evidence.returns = [
                .init(tracer: "ip_defrag", number: returned, text: "", surroundsDrop: true, event: 1)
            ]
        }
        return CulpritFinders().answer(to: evidence, cause: cause, in: namespace)
    }

    @Test func anOverlapThatWasCountedIsToBlame() throws {
        let namespace = FakeNamespace(
            sysctls: ["net/ipv4/ipfrag_high_thresh": "4194304"],
            files: ["netstat": Self.counted, "sockstat": "FRAG: inuse 0 memory 0\n"])
        let found = try #require(culprit(answer("fragments-overlap", namespace)))
        #expect(found.name == "fragment of 10.0.0.1 -> 10.0.0.2, id 9, offset 40")
        #expect(culprit(answer("fragments-memory", namespace)) == nil)
    }

    @Test func aReturnValueTellsToo() {
        let idle = FakeNamespace(sysctls: ["net/ipv4/ipfrag_high_thresh": "4194304"])
        #expect(culprit(answer("fragments-overlap", idle, returned: -22)) != nil)
        #expect(culprit(answer("fragments-overlap", idle)) == nil)
        #expect(culprit(answer("fragments-memory", idle, returned: -12)) != nil)
    }

    @Test func aQueueThatIsPurgedBeforeItsTimeWasSpoiled() throws {
        let namespace = FakeNamespace(sysctls: ["net/ipv4/ipfrag_time": "30"], files: ["netstat": Self.counted])
        func names(_ cause: String, after seconds: Double, at function: String = "inet_frag_rbtree_purge") -> String? {
            culprit(answer(cause, namespace, at: function, waited: UInt64(seconds * 1e9)))?.name
        }
        #expect(names("fragments-incomplete", after: 0.1) == nil)
        #expect(names("fragments-overlap", after: 0.1) != nil)
        #expect(names("fragments-incomplete", after: 30.1) == "net.ipv4.ipfrag_time = 30")
        #expect(names("fragments-overlap", after: 30.1) == nil)
        #expect(names("fragments-incomplete", after: 25) == "net.ipv4.ipfrag_time = 30")
        // The timer itself frees the last fragment that came, however late it was.
        #expect(names("fragments-incomplete", after: 0.1, at: "ip_expire") == "net.ipv4.ipfrag_time = 30")
        #expect(names("fragments-overlap", after: 0.1, at: "ip_expire") == nil)
    }

    @Test func memoryIsToBlameIfItIsUsedUp() throws {
        func namespace(_ limit: String, used: String) -> FakeNamespace {
            FakeNamespace(
                sysctls: ["net/ipv4/ipfrag_high_thresh": limit],
                files: ["sockstat": "sockets: used 9\nFRAG: inuse 3 memory \(used)\n"])
        }
        let found = try #require(culprit(answer("fragments-memory", namespace("5000000", used: "5000001"))))
        #expect(found.name == "net.ipv4.ipfrag_high_thresh = 5000000")
        #expect(found.values["limit"] == "10000002")
        #expect(culprit(answer("fragments-memory", namespace("0", used: "0")))?.values["limit"] == "4194304")
        #expect(culprit(answer("fragments-memory", namespace("5000000", used: "4999999"))) == nil)
    }
}
