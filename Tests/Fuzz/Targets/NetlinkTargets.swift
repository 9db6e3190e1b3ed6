import Netlink
import Protocols

/// Answers of the kernel about the network's state.
enum NetlinkTargets {
    /// A datagram, read as the answer to each question.
    static func answer(_ bytes: UnsafeRawBufferPointer) {
        let datagram = Array(bytes)
        guard let any = IPAddress([10, 0, 0, 1]), let six = IPAddress([0xfe, 0x80] + [UInt8](repeating: 0, count: 14))
        else { return }
        ask(CoveringRoutes(of: any), datagram)
        ask(CoveringRoutes(of: six), datagram)
        ask(RouteQuery(to: any), datagram)
        ask(RoutingRules(isIPv6: false), datagram)
        ask(Links(), datagram)
        ask(Neighbours(on: 1), datagram)
        ask(ForwardingEntries(ofBridge: 1), datagram)
        ask(InterfaceAddresses(isIPv6: true), datagram)
        ask(VLANMemberships(), datagram)
        ask(MulticastGroups(of: 1), datagram)
        ask(InetSockets(ipProtocol: 6, isIPv6: false), datagram)
        ask(XfrmPolicies(), datagram)
        ask(XfrmStates(), datagram)
    }

    private static func ask(_ question: some NetlinkQuestion, _ datagram: [UInt8]) {
        _ = try? NetlinkSession(OneAnswer(datagram)).answer(to: question)
    }

    private final class OneAnswer: NetlinkChannel {
        private var datagram: [UInt8]?

        init(_ datagram: [UInt8]) { self.datagram = datagram }

        func send(_ datagram: [UInt8]) {}

        func receive() throws(NetlinkError) -> [UInt8] {
            guard let datagram else { throw .failed(call: "recv", errno: 11) }
            self.datagram = nil
            return datagram
        }
    }
}
