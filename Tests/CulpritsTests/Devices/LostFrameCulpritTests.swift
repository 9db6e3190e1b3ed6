import Culprits
import Diagnosis
import Testing

@Suite struct LostFrameCulpritTests {
    private static let link = #"[{"ifname":"eth0","xdp":{"mode":1,"prog":{"id":42,"name":"steer"}}}]"#
    private static let links =
        #"[{"ifindex":7,"ifname":"idle","flags":["BROADCAST"]},{"ifindex":8,"ifname":"eth1","flags":["UP"]}]"#

    private func answer(_ cause: String, _ lost: LostFrame, link: String = link) -> CulpritAnswer {
        var evidence = Evidence.datagram()
        evidence.lostFrame = lost
        return CulpritFinders().answer(
            to: evidence, cause: cause,
            in: FakeNamespace(commands: ["ip -d -j link show dev eth0": link, "ip -j link show": Self.links]))
    }

    private let program = LostFrame.Program(id: 42, name: "steer")

    @Test func theProgramIsTheOneThatTheKernelNames() throws {
        let lost = LostFrame(program: program, verdict: 0)
        let found = try #require(culprit(answer("xdp-aborted", lost)))
        #expect(found.name == "XDP program 42 \"steer\" on eth0")
        #expect(found.details == ["it returned XDP_ABORTED", "attached as xdpdrv"])
        #expect(found.remedies.first?.command == "ip link set dev {dev} xdpdrv off")
        let gone = try #require(culprit(answer("xdp-aborted", lost, link: #"[{"ifname":"eth0"}]"#)))
        #expect(gone.name == found.name && gone.remedies.isEmpty)
    }

    @Test func aNumberThatIsNoVerdictIsSaid() throws {
        let found = try #require(culprit(answer("xdp-invalid-action", LostFrame(program: program, verdict: 7))))
        #expect(found.details.first == "it returned 7, which is no verdict of XDP")
    }

    @Test func theTargetOfARedirectIsLookedAt() throws {
        func details(_ ifindex: UInt32, _ error: Int32) throws -> [String] {
            let lost = LostFrame(program: program, verdict: 4, error: error, target: .device(ifindex: ifindex))
            return try #require(culprit(answer("xdp-redirect-failed", lost))).details
        }
        #expect(
            try details(9, -22).prefix(2) == [
                "it redirects to the device with index 9: -EINVAL", "no device has this index by now",
            ])
        #expect(try details(7, -100).contains("idle is down"))
        #expect(try details(8, -95).contains("the driver of eth1 takes no frames of XDP"))
        let map = LostFrame(program: program, verdict: 4, error: -22, target: .map(id: 5, key: 3))
        #expect(
            try #require(culprit(answer("xdp-redirect-failed", map))).details.first
                == "it redirects through map 5, key 3: -EINVAL")
    }

    @Test func aDeviceThatRefusesFramesIsTheCulprit() throws {
        let found = try #require(culprit(answer("xdp-tx-failed", LostFrame(verdict: 3, error: -6, frames: 4))))
        #expect(found.name == "eth0, which refused 4 frames of XDP" && found.details == ["its driver returned -ENXIO"])
    }
}
