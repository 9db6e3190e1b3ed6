import Diagnosis
import Testing

@testable import NettraceCLI

@Suite struct DropReasonsTests {
    private let ends: NormalEnds
    private let reasons: DropReasons

    init() throws {
        ends = NormalEnds(try CauseCatalog.embedded())
        reasons = DropReasons(Self.names, ends)
    }

    private static let names: [UInt32: String] =
        [
            0: "SKB_NOT_DROPPED_YET", 1: "SKB_CONSUMED", 2: "SKB_DROP_REASON_NOT_SPECIFIED",
            3: "SKB_DROP_REASON_NO_SOCKET", 4: "SKB_DROP_REASON_TCP_CSUM", 5: "SKB_DROP_REASON_TCP_OLD_DATA",
            6: "SKB_DROP_REASON_MAX", 0xffff_0000: "SKB_DROP_REASON_SUBSYS_MASK", 0x3_0001: "OVS_DROP_LAST_ACTION",
        ]

    @Test func normalEndsAreNeverDrops() throws {
        #expect(try reasons.ignored(by: []) == [0, 1])
        #expect(try DropReasons([:], ends).ignored(by: []) == [])
    }

    /// In Linux 5.17 the first reason is 0, so the number alone does not mean "no drop".
    @Test func reasonZeroMayBeADrop() throws {
        #expect(try DropReasons([0: "SKB_DROP_REASON_NOT_SPECIFIED"], ends).ignored(by: []) == [])
    }

    @Test(arguments: [
        (["NO_SOCKET"], [3]), (["SKB_DROP_REASON_NO_SOCKET"], [3]), (["no_socket"], [3]), (["tcp_*"], [4, 5]),
        (["SKB_DROP_REASON_TCP_*"], [4, 5]), (["NO_SOCKET, TCP_CSUM", "ovs_*"], [3, 4, 0x3_0001]), (["normal"], [5]),
        (["Normal,NO*"], [2, 3, 5]), ([","], []), (["?O_SOCKET"], [3]),
    ])
    func names(wanted: [String], expected: [UInt32]) throws {
        #expect(try reasons.ignored(by: wanted) == Set(expected + [0, 1]))
    }

    /// The last enumerators, which close the enum, are not reasons.
    @Test func allMeansAllReasons() throws {
        #expect(try reasons.ignored(by: ["*"]) == [0, 1, 2, 3, 4, 5, 0x3_0001])
    }

    @Test func unknownNames() {
        let error = #expect(throws: RunError.self) { try reasons.ignored(by: ["NO_SOKET"]) }
        #expect(error?.description.contains("--drop-ignore 'NO_SOKET'") == true)
        #expect(error?.description.contains("the nearest are NO_SOCKET") == true)
        #expect(throws: RunError.self) { try reasons.ignored(by: ["XYZ_*"]) }
    }

    @Test func kernelsWithoutReasons() throws {
        let error = #expect(throws: RunError.self) {
            try DropReasons([:], ends).ignored(by: ["NO_SOCKET"])
        }
        #expect(error?.description.contains("5.17") == true)
        #expect(try DropReasons([:], ends).ignored(by: ["normal"]).isEmpty)
    }

    @Test func consumedIsNotNormalButNoDrop() {
        #expect(reasons.normal == [5])
    }
}
