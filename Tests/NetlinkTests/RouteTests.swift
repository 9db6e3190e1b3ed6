import Testing

@testable import Netlink
import Protocols

/// Routes and rules as kernels have answered.
@Suite struct RouteTests {
    private static let target = IPAddress([10, 77, 1, 2])

    @Test func theRoutesThatCoverAnAddressAreListed() throws {
        let address = try #require(Self.target)
        let routes = try Recording.answer("routes", to: CoveringRoutes(of: address))
        #expect(routes.map(\.kind) == [.prohibit, .unicast, .blackhole])
        #expect(routes.map(\.table) == [77, 254, 254])
        #expect(routes.map(\.destination.length) == [20, 0, 16])
        #expect(routes.map(\.metric) == [nil, nil, 7])
        #expect(routes[1].gateway == IPAddress([10, 9, 1, 1]) && routes[1].device != nil)
        #expect(routes.map(\.device).first == .some(nil))
    }

    @Test func aRouteMayHaveSeveralNextHops() throws {
        let address = try #require(IPAddress([10, 78, 0, 1]))
        let route = try #require(try Recording.answer("routes", to: CoveringRoutes(of: address)).last)
        #expect(route.destination.length == 16 && route.proto == 4 && route.mtu == 1400 && !route.isMTULocked)
        #expect(route.nextHops.map(\.gateway) == [IPAddress([10, 9, 1, 1]), IPAddress([10, 9, 1, 3])])
        #expect(route.nextHops.map(\.weight) == [2, 1])
    }

    @Test func aGatewayMayHaveTheOtherFamily() throws {
        let address = try #require(IPAddress([10, 79, 0, 1]))
        let route = try #require(try Recording.answer("routes", to: CoveringRoutes(of: address)).last)
        #expect(route.gateway?.isIPv6 == true && route.gateway?.bytes.prefix(2) == [0xfe, 0x80])
    }

    @Test func theKernelChoosesARoute() throws {
        let address = try #require(IPAddress([10, 78, 1, 2]))
        let route = try #require(try Recording.answer("route-get", to: RouteQuery(to: address)).first)
        #expect(route.destination == IPPrefix(address, length: 32) && route.kind == .unicast && route.table == 254)
        #expect(route.device != nil && route.mtu == 1400 && route.flags & Route.Flags.cloned != 0)
    }

    @Test func aRouteThatRefusesIsAnError() throws {
        let query = RouteQuery(to: try #require(Self.target))
        #expect(throws: NetlinkError.refused(errno: 13, message: nil)) {
            try Recording.answer("route-blackhole", to: query)
        }
    }

    @Test func routesOfIPv6HaveAPreference() throws {
        let address = try #require(IPAddress([0xfe, 0x80] + [UInt8](repeating: 0, count: 14)))
        let routes = try Recording.answer("routes6", to: CoveringRoutes(of: address))
        #expect(routes.count == 2)
        #expect(routes.allSatisfy { $0.metric == 256 && $0.preference == 0 && $0.proto == 2 })
    }

    @Test func rulesAreListed() throws {
        let rules = try Recording.answer("rules", to: RoutingRules(isIPv6: false))
        #expect(rules.map(\.priority) == [0, 100, 101, 200, 32766, 32767])
        #expect(rules.map(\.action) == [.table, .table, .prohibit, .goto, .table, .table])
        #expect(rules.map(\.table) == [255, 77, 0, 0, 254, 253])
        let first = rules[1]
        #expect(first.isInverted && first.inputDevice == "left" && first.mark == 1 && first.markMask == 0xff)
        #expect(first.source == IPAddress([10, 0, 0, 0]).flatMap { IPPrefix($0, length: 8) })
        #expect(first.destination == IPAddress([192, 0, 2, 0]).flatMap { IPPrefix($0, length: 24) })
        #expect(first.ipProtocol == 6 && first.destinationPorts == 80...90 && first.suppressedLength == 8)
        #expect(rules[2].outputDevice == "right" && rules[2].users == 5...9)
        #expect(rules[3].target == 32766)
        #expect(rules.allSatisfy { $0.unknown.isEmpty })
        #expect(rules.filter { $0.suppressedLength != nil }.count == 1)
    }

    @Test func theWholeFlowIsAsked() throws {
        var query = RouteQuery(to: try #require(Self.target), from: IPAddress([10, 9, 1, 9]))
        query.inputDevice = 3
        query.mark = 0x10
        query.user = 1000
        query.flow = RouteQuery.Flow(ipProtocol: 17, sourcePort: 4000, destinationPort: 53)
        query.wantsEntry = true
        #expect(
            query.request.body
                == RecordedChannel.bytes(
                    """
                    02 20 20 00 00 00 00 00 00300000 0800 0100 0a4d0102 0800 0200 0a090109 0800 0300 03000000
                    0800 1000 10000000 0800 1900 e8030000 0500 1b00 11000000 0600 1c00 0fa00000 0600 1d00 00350000
                    """))
    }

    @Test func aDeviceIsFound() throws {
        let link = try #require(try Recording.answer("link", to: LinkQuery(name: "left")).first)
        #expect(link.name == "left" && link.index > 1 && link.flags & Link.Flags.up != 0 && link.mtu == 1500)
        #expect(link.address.count == 6 && link.lower != nil && link.lowerNamespace == nil && link.master == nil)
    }
}
