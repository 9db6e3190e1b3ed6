import Testing
import Tracers

struct NearestNamesTests {
    @Test(arguments: [
        ("ip_rvc", "ip_rcv"), ("ip_rc", "ip_rcv"), ("ip_rrcv", "ip_rcv"), ("IP_RCV", "ip_rcv"),
        ("netfliter", "netfilter"),
        ("gro_receive", "napi_gro_receive"), ("napi_gro_receive_entry_x", "napi_gro_receive"),
    ])
    func findsWhatWasMeant(typed: String, meant: String) {
        let names = ["ip_rcv", "tcp_v4_rcv", "netfilter", "napi_gro_receive"]
        #expect(nearestNames(to: typed, in: names, limit: 5).first == meant)
    }

    @Test func nothingCloseIsNothing() {
        #expect(nearestNames(to: "wireguard", in: ["ip_rcv", "tcp"], limit: 5) == [])
        #expect(nearestNames(to: "foo", in: ["fou", "ovs"], limit: 5) == [])
        #expect(nearestNames(to: "tpc", in: ["fou", "tcp"], limit: 5) == ["tcp"])
        #expect(nearestNames(to: "", in: ["ip_rcv"], limit: 5) == [])
        #expect(nearestNames(to: "ip_rcv", in: [], limit: 5) == [])
        #expect(nearestNames(to: "ip_rcv", in: ["ip_rcv"], limit: 0) == [])
    }

    @Test func typingErrorsComeBeforeParts() {
        let names = ["ip_rcv_finish_core", "ip_rcv_core", "ip_rcb", "ip_rcv_finish"]
        #expect(nearestNames(to: "ip_rcv", in: names, limit: 3) == ["ip_rcb", "ip_rcv_core", "ip_rcv_finish"])
    }
}
