import Testing

@testable import Netlink
import Protocols

/// Sockets as Linux 6.12 has answered.
@Suite struct SocketTests {
    private static let localhost = IPAddress([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1])

    @Test func aListenerHasQueuesMemoryAndKeys() throws {
        let sockets = try Recording.answer("tcp", to: InetSockets(ipProtocol: 6, isIPv6: false, port: 4000))
        let listener = try #require(sockets.first)
        #expect(sockets.count == 1 && listener.state == .listen && listener.localPort == 4000)
        #expect(listener.local == IPAddress([10, 9, 1, 2]) && listener.peer.isUnspecified && listener.peerPort == 0)
        #expect(listener.receiveQueue == 0 && listener.sendQueue == 5)
        #expect(listener.memory == SocketMemory(used: 0, limit: 131072, drops: 0))
        #expect(listener.signedPeers == [IPAddress([10, 9, 1, 7]).flatMap { IPPrefix($0, length: 32) }])
        #expect(listener.inode > 0 && listener.user == 0 && listener.device == 0)
    }

    @Test func aConnectionHasCounters() throws {
        let sockets = try Recording.answer("tcp6", to: InetSockets(ipProtocol: 6, isIPv6: true, port: 4001))
        #expect(sockets.map(\.state) == [.listen, .established])
        #expect(sockets[0].local.isUnspecified && sockets[0].isIPv6 && !sockets[0].isIPv6Only)
        #expect(sockets[1].local == Self.localhost && sockets[1].peer == Self.localhost)
        #expect(sockets[1].tcp == TCPInformation(bytesReceived: 100, segmentsIn: 3))
        #expect(sockets[1].memory?.limit == 131072)
    }

    @Test func aSocketMayBeBoundToADevice() throws {
        let sockets = try Recording.answer("udp", to: InetSockets(ipProtocol: 17, isIPv6: false, port: 4000))
        #expect(sockets.map(\.state) == [.close])
        #expect(sockets[0].device == 9 && sockets[0].memory == SocketMemory(used: 0, limit: 212992, drops: 0))
        #expect(sockets[0].local.isUnspecified)
    }

    @Test func onlyTheWantedPortIsAsked() {
        let all = InetSockets(ipProtocol: 6, isIPv6: false, port: 4000).request.body
        #expect(all.count == 56 && Array(all[..<10]) == [2, 6, 0x42, 0, 0xfe, 0x0f, 0, 0, 0x0f, 0xa0])
        let listeners = InetSockets(ipProtocol: 6, isIPv6: true, areWaiting: true).request.body
        #expect(Array(listeners[..<10]) == [10, 6, 0x42, 0, 0, 4, 0, 0, 0, 0])
        let waiting = InetSockets(ipProtocol: 17, isIPv6: false, areWaiting: true).request.body
        #expect(Array(waiting[..<8]) == [2, 17, 0x42, 0, 0x80, 0, 0, 0])
    }
}
