import Testing

@testable import Netlink
import Protocols

/// IPsec policies and associations as Linux 6.12 has answered.
@Suite struct XfrmTests {
    private func prefix(_ bytes: [UInt8], _ length: Int) -> IPPrefix? {
        IPAddress(bytes).flatMap { IPPrefix($0, length: length) }
    }

    @Test func policiesHaveSelectorsAndTemplates() throws {
        let policies = try Recording.answer("policies", to: XfrmPolicies())
        #expect(policies.map(\.direction) == [.in, .out])
        let (demand, block) = (policies[0], policies[1])
        #expect(demand.selector.source == prefix([10, 0, 0, 0], 24))
        #expect(demand.selector.destination == prefix([10, 0, 0, 2], 32))
        #expect(demand.selector.ipProtocol == 17 && demand.selector.sourcePortMask == 0)
        #expect(demand.selector.destinationPort == 53 && demand.selector.destinationPortMask == 0xffff)
        #expect(demand.priority == 5 && !demand.blocks && demand.mark == XfrmMark(value: 1, mask: 0xff))
        let template = try #require(demand.templates.first)
        #expect(demand.templates.count == 1 && template.ipProtocol == 50 && template.request == 3)
        #expect(template.isOptional && template.mode == 0 && template.source.isUnspecified && template.index == 0)
        #expect(block.blocks && block.templates.isEmpty && block.mark == nil && block.interface == nil)
        #expect(block.selector.destination == prefix([10, 9, 2, 0], 24) && block.selector.ipProtocol == 0)
        #expect(policies.allSatisfy { $0.type == 0 && $0.selector.device == 0 })
    }

    @Test func statesHaveCounters() throws {
        let state = try #require(try Recording.answer("states", to: XfrmStates()).first)
        #expect(state.destination == IPAddress([10, 9, 0, 2]) && state.ipProtocol == 50 && state.index == 0x100)
        #expect(state.refusals == XfrmState.Refusals())
        // The same with a packet that failed its check: the counter is 200 bytes after the message's header.
        var datagram = try #require(try Recording.datagrams("states").first)
        datagram[16 + 200] = 3
        let message = try #require(NetlinkMessage.all(in: datagram)?.first)
        #expect(XfrmState(message)?.refusals.integrityFailed == 3 && XfrmState(message)?.refusals.replay == 0)
    }
}
