import Glibc
import HostInspection
import Netlink
import Testing
import Protocols

/// Questions to this machine's kernel, in this process's own namespace, which needs no privileges.
struct NetlinkAnswerTests {
    private static func own() throws -> NamespaceHandle {
        var status = stat()
        #expect(stat("/proc/self/ns/net", &status) == 0)
        return try NamespaceHandle(inode: UInt64(status.st_ino))
    }

    @Test func `The kernel knows the loopback device and its address`() throws {
        let handle = try Self.own()
        let loopback = try #require(try handle.answer(to: LinkQuery(name: "lo")).first)
        #expect(try handle.answer(to: LinkQuery(index: loopback.index)) == [loopback])
        #expect(try handle.answer(to: Links()).contains { $0.name == "lo" })
        let listed = try handle.interfaceNames().count
        #expect(try handle.answer(to: Links()).count == listed)
    }

    @Test func `A device that does not exist is refused`() throws {
        let handle = try Self.own()
        #expect(throws: NetlinkError.self) { try handle.answer(to: LinkQuery(name: "nt-none")) }
    }

    @Test func `Rules, routes, neighbours and addresses can be listed`() throws {
        let handle = try Self.own()
        #expect(try handle.answer(to: RoutingRules(isIPv6: false)).contains { $0.table == 255 })
        let localhost = try #require(IPAddress([127, 0, 0, 1]))
        _ = try handle.answer(to: CoveringRoutes(of: localhost))
        let loopback = try #require(try handle.answer(to: LinkQuery(name: "lo")).first)
        _ = try handle.answer(to: Neighbours(on: loopback.index))
        _ = try handle.answer(to: InterfaceAddresses(isIPv6: false))
    }
}
