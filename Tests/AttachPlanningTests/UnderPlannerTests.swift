import Testing
import Tracers

@testable import AttachPlanning

#if arch(x86_64)
    /// `-t +NAME`: functions without an skb under traced ones.
    @Suite struct UnderPlannerTests {
        private let catalog: TracerCatalog

        init() throws { catalog = try TracerCatalog.embedded() }

        private func kernel(_ fixture: KernelFixture) -> KernelFixture {
            var kernel = fixture
            for name in ["fib_table_lookup", "fib_table_flush", "arch_rethook_trampoline"] {
                kernel.inventory.functions[name] = KernelFunction(
                    name: name, addresses: [0xffff_ffff_8200_0000], arguments: HookArguments(),
                    returns: .integer(bits: 32, isSigned: true))
            }
            kernel.inventory.functions["fib_lookup"] = KernelFunction(name: "fib_lookup", arguments: HookArguments())
            return kernel
        }

        private func plan(
            _ wanted: String..., excluding excluded: [String] = [], on kernel: KernelFixture
        ) throws -> AttachPlan {
            try AttachPlan(
                TracerSelection(wanted: wanted, excluded: excluded, from: catalog), catalog: catalog,
                inventory: kernel.inventory, capabilities: kernel.capabilities, tracking: true)
        }

        private func error(_ wanted: String..., on kernel: KernelFixture) -> AttachPlanError? {
            #expect(throws: AttachPlanError.self) {
                try AttachPlan(
                    TracerSelection(wanted: wanted, from: catalog), catalog: catalog, inventory: kernel.inventory,
                    capabilities: kernel.capabilities)
            }
        }

        @Test func itHasAProbeOfItsOwnAndTracedFunctionsMarkTheirCalls() throws {
            for fixture in [KernelFixture.legacy, .withoutFprobe, .multi] {
                let plan = try plan("ip_rcv,skb:kfree_skb,+fib_table_lookup", on: kernel(fixture))
                let under = try #require(plan.hooks.first { $0.tracer == "fib_table_lookup" })
                #expect(under.isUnder && under.method == .kprobe && under.purpose == .event && !under.marksReturn)
                #expect(under.returns.type == .integer(bits: 32, isSigned: true))
                #expect(plan.hooks.filter(\.marksReturn).map(\.tracer) == ["ip_rcv"])
                #expect(plan.trampolines == [0xffff_ffff_8200_0000] && plan.hasHooksUnder)
            }
        }

        @Test func sessionsMarkTheirCallsThemselves() throws {
            var kernel = kernel(.multi)
            kernel.capabilities.kprobeSession = true
            var plan = try plan("ip_rcv,+fib_table_lookup", on: kernel)
            #expect(plan.hooks.first { $0.tracer == "ip_rcv" }?.method == .kprobeSession)
            plan.recordReturns(kernel.capabilities)
            #expect(plan.hooks.first { $0.isUnder }?.method == .kprobe)
            #expect(plan.hooks.first { $0.isUnder }?.recordsReturn == true)
        }

        @Test func withoutOneNothingIsMarked() throws {
            let plan = try plan("ip_rcv", on: kernel(.multi))
            #expect(!plan.hasHooksUnder && !plan.hooks.contains { $0.marksReturn || $0.isUnder })
        }

        @Test func patternsTakeFunctionsWithoutAnSKB() throws {
            let kernel = kernel(.multi)
            func under(_ pattern: String, excluding: [String] = []) throws -> [String] {
                try plan("ip_rcv", pattern, excluding: excluding, on: kernel).hooks.filter(\.isUnder).map(\.tracer)
            }
            #expect(try under("+fib_*") == ["fib_table_flush", "fib_table_lookup"])
            #expect(try under("+fib_*", excluding: ["+fib_table_f*"]) == ["fib_table_lookup"])
            #expect(try under("+fib_table_lookup", excluding: ["+fib_*"]) == [])
            #expect(
                error("ip_rcv", "+ip_rcv_cor*", on: kernel)
                    == .noMatch(pattern: "+ip_rcv_cor*", nearest: [], reason: nil))
        }

        @Test func aNameThatCannotBeShownIsAnError() throws {
            let kernel = kernel(.multi)
            func reason(_ name: String) -> SkipReason? {
                guard case .noFunction(name, let reason)? = error("ip_rcv", name, on: kernel) else { return nil }
                return reason
            }
            #expect(reason("+no_such_function") == .notInKernel)
            #expect(reason("+fib_lookup") == .inlined)
            #expect(reason("+ip_rcv") == .takesPacket)
            #expect(
                error("skb:kfree_skb,+fib_table_lookup", on: .withoutKprobes)
                    == .noFunction(name: "+fib_table_lookup", reason: .noKprobes))
            var unknown = kernel
            unknown.inventory.functions["arch_rethook_trampoline"] = nil
            #expect(
                error("+fib_table_lookup", "ip_rcv", on: unknown)
                    == .noFunction(name: "+fib_table_lookup", reason: .unknownTrampoline))
        }

        @Test func patternsAreBounded() throws {
            var kernel = kernel(.multi)
            for number in 0...UnderPlanner.maximumMatches {
                kernel.inventory.functions["f\(number)"] = KernelFunction(
                    name: "f\(number)", addresses: [1], arguments: HookArguments())
            }
            #expect(error("ip_rcv", "+f[0-9]*", on: kernel) == .tooManyFunctions(pattern: "+f[0-9]*", count: 257))
        }

        @Test func theFunctionsOwnPacketTakesPrecedence() throws {
            var kernel = kernel(.multi)
            // Its skb is a member of an argument; the catalog traces it.
            kernel.inventory.functions["nft_do_chain"] = KernelFunction(
                name: "nft_do_chain", addresses: [2], arguments: HookArguments(skb: 1, skbMember: 0))
            #expect(
                error("nft_do_chain,+nft_do_chain", on: kernel)
                    == .noFunction(name: "+nft_do_chain", reason: .takesPacket))
        }
    }
#endif
