import AttachPlanning
import Glibc
import Testing

@testable import KernelAccess

/// The running kernel's types of its own functions. Needs no privileges.
@Suite(.enabled(if: access("/sys/kernel/btf/vmlinux", R_OK) == 0, "this kernel has no type information"))
struct ReturnTypeTests {
    @Test func everyKindOfReturnValue() throws {
        let functions = try KernelDescription.read(functions: []).inventory.functions
        #expect(functions["ip_rcv"]?.returns == .integer(bits: 32, isSigned: true))
        #expect(functions["consume_skb"]?.returns == .void)
        #expect(functions["skb_clone"]?.returns == .pointer(to: "sk_buff"))
        #expect(functions["tcp_add_backlog"]?.returns == .boolean)
        #expect(functions["eth_type_trans"]?.returns == .integer(bits: 16, isSigned: false))
        guard case .enumeration(let result)? = functions["loopback_xmit"]?.returns else {
            Issue.record("loopback_xmit returns netdev_tx_t")
            return
        }
        #expect(result.name == "netdev_tx" && result.bits == 32)
        #expect(result.names[0] == "NETDEV_TX_OK" && result.isSigned)
    }

    @Test func anEnumIsOneObjectForAllFunctionsThatReturnIt() throws {
        let functions = try KernelDescription.read(functions: []).inventory.functions.values
        var objects: [String: Set<ObjectIdentifier>] = [:]
        var users = 0
        for function in functions where function.module == nil {
            guard case .enumeration(let type) = function.returns, !type.name.isEmpty else { continue }
            objects[type.name, default: []].insert(ObjectIdentifier(type))
            users += 1
        }
        #expect(objects.values.allSatisfy { $0.count == 1 })
        #expect(users > objects.count)
    }
}
