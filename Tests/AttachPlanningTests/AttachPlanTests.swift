import AttachPlanning
import Testing
import Tracers

@Suite struct AttachPlanTests {
    private let catalog: TracerCatalog

    init() throws { catalog = try TracerCatalog.embedded() }

    private func plan(
        _ wanted: [String], excluding excluded: [String] = [], on kernel: KernelFixture
    ) throws -> AttachPlan {
        let selection = try TracerSelection(wanted: wanted, excluded: excluded, from: catalog)
        return try AttachPlan(
            selection, catalog: catalog, inventory: kernel.inventory, capabilities: kernel.capabilities)
    }

    @Test func functionsTakeTheBestMethodOfTheKernel() throws {
        #expect(try plan(["ip_rcv"], on: .multi).hooks.map(\.method) == [.kprobeMulti])
        #expect(try plan(["ip_rcv"], on: .withoutFprobe).hooks.map(\.method) == [.kprobe])
        #expect(try plan(["ip_rcv"], on: .legacy).hooks.map(\.method) == [.kprobe])
    }

    @Test func hiddenAddressesLeaveTracepointsAndAReason() throws {
        var kernel = KernelFixture.multi
        kernel.capabilities.hidesAddresses = true
        let plan = try plan(["all"], on: kernel)
        #expect(!plan.hooks.isEmpty && plan.hooks.allSatisfy { $0.kind == .tracepoint })
        #expect(plan.skipped.contains { $0.tracer == "ip_rcv" && $0.reason == .hiddenAddress })
        #expect(throws: AttachPlanError.self) { _ = try self.plan(["ip_rcv"], on: kernel) }
        #expect("\(SkipReason.hiddenAddress)".contains("CAP_SYSLOG"))
    }

    @Test func returnsTakeASessionWhereTheKernelHasIt() throws {
        var kernel = KernelFixture.multi
        kernel.capabilities.kprobeSession = true
        var plan = try plan(["ip_rcv", "skb:kfree_skb"], on: kernel)
        plan.recordReturns(kernel.capabilities)
        let function = try #require(plan.hooks.first { $0.kind == .function })
        let tracepoint = try #require(plan.hooks.first { $0.kind == .tracepoint })
        #expect(function.method == .kprobeSession && function.recordsReturn)
        #expect(tracepoint.method == .tracepoint && !tracepoint.recordsReturn)
    }

    @Test func returnsKeepTheMethodWhereThereIsNoSession() throws {
        for kernel in [KernelFixture.multi, .withoutFprobe] {
            var plan = try plan(["ip_rcv"], on: kernel)
            plan.recordReturns(kernel.capabilities)
            #expect(plan.hooks.map(\.method) == [kernel.capabilities.functionMethod])
            #expect(plan.hooks.allSatisfy { $0.recordsReturn })
        }
    }

    @Test func whatKeepsTrackOfPacketsRecordsNoReturn() throws {
        let kernel = KernelFixture.multi
        var plan = try AttachPlan(
            TracerSelection(wanted: ["ip_rcv"], from: catalog), catalog: catalog, inventory: kernel.inventory,
            capabilities: kernel.capabilities, tracking: true)
        plan.recordReturns(kernel.capabilities)
        #expect(plan.hooks.contains { $0.purpose != .event })
        #expect(plan.hooks.allSatisfy { $0.recordsReturn == ($0.purpose == .event) })
    }

    @Test func everyEndIsWatchedOnceAndAfterTheTracersInIt() throws {
        let kernel = KernelFixture.multi
        func ends(_ wanted: String) throws -> [String] {
            try AttachPlan(
                TracerSelection(wanted: [wanted], from: catalog), catalog: catalog, inventory: kernel.inventory,
                capabilities: kernel.capabilities, tracking: true
            ).hooks.filter { $0.purpose == .end }.map(\.kernelName)
        }
        let inside = try ends("ip_rcv")
        #expect(inside.contains("skb_release_head_state") && inside.contains("__consume_stateless_skb"))
        #expect(try ends("skb:consume_skb") == inside.filter { $0 != "__consume_stateless_skb" })
    }

    @Test func aRenamedEndIsFoundByItsNextName() throws {
        let kernel = KernelFixture.multi
        func plan(ends: String) throws -> AttachPlan {
            let own = try TracerCatalog(
                json: """
                    {"name": "all", "description": "d", "tracers": [{"name": "ip_rcv", "description": "d"}],
                     "life": {"links": [{"functions": ["__copy_skb_header"], "complete": true}],
                              "ends": [{"functions": [\(ends)], "complete": true}, {"functions": ["napi_reuse_skb"]}],
                              "consumption": "skb:consume_skb", "drop": "skb:kfree_skb",
                              "fragments": {"always": [], "after_whole": []}}}
                    """.utf8)
            return try AttachPlan(
                TracerSelection(wanted: ["ip_rcv"], from: own), catalog: own, inventory: kernel.inventory,
                capabilities: kernel.capabilities, tracking: true)
        }
        let found = try plan(ends: #""of_another_version", "skb_release_head_state""#)
        let ends = found.hooks.filter { $0.purpose == .end }
        #expect(ends.map(\.kernelName) == ["skb_release_head_state", "napi_reuse_skb", "kfree_skb"])
        #expect(ends.map(\.tracer).last == "skb:kfree_skb" && ends.allSatisfy { $0.role == .aside })
        #expect(found.tracking?.seesEnds == true)
        let missed = try plan(ends: #""of_another_version""#)
        #expect(missed.hooks.filter { $0.purpose == .end }.map(\.kernelName) == ["consume_skb", "kfree_skb"])
        #expect(missed.tracking?.seesEnds == false)
    }

    @Test func hooksHaveTheRolesOfTheirTracers() throws {
        for wanted in ["dev_hard_start_xmit", "kernel:dev_hard_start_xmit", "net:net_dev_start_xmit"] {
            #expect(try plan([wanted], on: .multi).hooks.map(\.role) == [.transmit], "\(wanted)")
        }
        #expect(try plan(["ip_rcv"], on: .multi).hooks.map(\.role) == [.receive])
        #expect(try plan(["kernel:__consume_stateless_skb"], on: .multi).hooks.map(\.role) == [.aside])
        #expect(try plan(["kernel:INET_ECN_set_ce"], on: .multi).hooks.map(\.role) == [.onward])
    }

    @Test func aKernelIsLimitedToAMethodThatItHas() throws {
        let multi = KernelFixture.multi.capabilities
        #expect(multi.limited(to: .kprobe)?.functionMethod == .kprobe)
        #expect(multi.limited(to: .kprobeMulti)?.functionMethod == .kprobeMulti)
        #expect(multi.limited(to: .kprobeSession) == nil)
        #expect(KernelFixture.withoutFprobe.capabilities.limited(to: .kprobeMulti) == nil)
        #expect(KernelFixture.withoutKprobes.capabilities.limited(to: .kprobe) == nil)
    }

    @Test func tracepointsTakeTheBestMethodOfTheKernel() throws {
        #expect(try plan(["skb:kfree_skb"], on: .multi).hooks.map(\.method) == [.tracepoint])
        #expect(try plan(["skb:kfree_skb"], on: .legacy).hooks.map(\.method) == [.tracepointCopy])
    }

    @Test func theArgumentsAreThoseOfTheKernel() throws {
        // ipt_do_table: (skb, state, table) in 5.10, (priv, skb, state) later.
        #expect(try plan(["ipt_do_table"], on: .multi).hooks[0].arguments.skb == 2)
        #expect(try plan(["ipt_do_table"], on: .legacy).hooks[0].arguments.skb == 1)
    }

    @Test func anSkbOneMemberAwayIsFound() throws {
        let hook = try plan(["nft_do_chain"], on: .multi).hooks[0]
        #expect(hook.arguments.skb == 1)
        #expect(hook.arguments.skbMember == 0)
    }

    @Test func withoutKprobesGroupsFallBackToTracepoints() throws {
        let plan = try plan(["ip", "tcp"], on: .withoutKprobes)
        #expect(plan.hooks.allSatisfy { $0.kind == .tracepoint })
        #expect(plan.hooks.contains { $0.tracer == "skb:kfree_skb" && $0.flags.contains(.drop) })
        #expect(plan.skipped.contains { $0.tracer == "ip_rcv" })
    }

    @Test func standInsStayOutWhereTheFunctionIsAttached() throws {
        let tracers = try plan([], on: .multi).hooks.map(\.tracer)
        #expect(tracers.contains("dev_hard_start_xmit"))
        #expect(!tracers.contains("net:net_dev_start_xmit"))
    }

    @Test func aNamedFunctionWithoutKprobesIsAnError() throws {
        var kernel = KernelFixture.multi
        kernel.capabilities.kprobe = false
        kernel.capabilities.kprobeMulti = false
        do {
            _ = try plan(["ip_rcv"], on: kernel)
            Issue.record("no error")
        } catch let error as AttachPlanError {
            #expect(error.description.contains("no kprobes"))
        }
    }

    @Test func aMissingFunctionSuggestsWhatThisKernelHas() throws {
        var kernel = KernelFixture.multi
        kernel.inventory.functions["ip_rcv_core"] = nil
        do {
            _ = try plan(["ip_rcv_core"], on: kernel)
            Issue.record("no error")
        } catch AttachPlanError.unavailable(_, let reason, let nearest) {
            #expect(reason == .notInKernel)
            #expect(nearest.contains("ip_rcv"))
            #expect(!nearest.contains("ip_rcv_core"))
        }
    }

    @Test func anInlinedFunctionOfAGroupIsSkippedWithTheReason() throws {
        var kernel = KernelFixture.multi
        kernel.inventory.functions["ip_rcv_core"]?.addresses = []
        let plan = try plan(["ip"], on: kernel)
        #expect(plan.skipped.contains(SkippedTracer(tracer: "ip_rcv_core", group: "ip-in", reason: .inlined)))
    }

    @Test func patternsOverTheKernelTakeEveryFunctionWithAnSkb() throws {
        let tracers = try plan(["kernel:ip6_*"], on: .multi).hooks.map(\.tracer)
        #expect(tracers.count > 30)
        #expect(tracers.allSatisfy { $0.hasPrefix("ip6_") })
        #expect(tracers == tracers.sorted())
    }

    @Test func patternsKnowTracepointsByCategoryAndName() throws {
        #expect(try plan(["net:net_dev_*"], on: .withoutKprobes).hooks.count >= 3)
        #expect(try plan(["/^skb:k/"], on: .withoutKprobes).hooks.map(\.tracer) == ["skb:kfree_skb"])
        #expect(throws: AttachPlanError.self) { try plan(["xyz:kfree_*"], on: .withoutKprobes) }
    }

    @Test func whatIsExcludedStaysOutOfPatternsToo() throws {
        let tracers = try plan(["kernel:ip_rcv*"], excluding: ["ip_rcv_core", "kernel:ip_rcv_f*"], on: .multi).hooks
            .map(\.tracer)
        #expect(tracers == ["ip_rcv"])
    }

    @Test func oneHookPerPlaceHoweverOftenItIsNamed() throws {
        let names = try plan(["ip_rcv", "ip-in", "kernel:ip_rcv", "/^ip_rcv$/"], on: .multi).hooks.map(\.kernelName)
        #expect(names.filter { $0 == "ip_rcv" }.count == 1)
    }

    @Test func modulesWithoutTypesNeedAHintFromTheCatalog() throws {
        var kernel = KernelFixture.legacy
        kernel.inventory.functions["br_forward"] = KernelFunction(
            name: "br_forward", module: "bridge", addresses: [1])
        kernel.inventory.functions["vxlan_no_such_hint"] = KernelFunction(
            name: "vxlan_no_such_hint", module: "vxlan", addresses: [1])
        #expect(try plan(["br_forward"], on: kernel).hooks[0].arguments.skb == 2)
    }

    @Test func nothingToAttachSaysWhy() {
        var kernel = KernelFixture.withoutKprobes
        kernel.inventory.tracepoints = [:]
        #expect(throws: AttachPlanError.self) { try plan(["ip"], on: kernel) }
    }
}
