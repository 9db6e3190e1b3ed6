import FoundationEssentials
import Testing

@testable import ScenarioRunner

private let header = #""name": "n", "description": "d", "trigger": [], "packet": "-p udp""#

private func fault(_ rest: String) throws -> Fault {
    try JSONDecoder().decode(Fault.self, from: Data("{\(header), \(rest)}".utf8))
}

private func trace(_ drop: String, verdict: String? = nil) -> Trace {
    let told = verdict.map { #", "verdict": \#($0)"# } ?? ""
    return Trace(stdout: #"{"type": "context", "end": {"how": "dropped"}, "events": [{"drop": \#(drop)}]\#(told)}"#)
}

@Suite struct FaultTests {
    private let kernel = KernelVersion("6.12")!
    private let tracer = Program(help: "  --timeline  Show each packet")
    private let doctor = Program(help: "  --diag      Tell why  --ret  Show returns")

    @Test(arguments: [
        (#""reason": "NO_SOCKET", "location": "__udp4_lib_rcv""#, true),
        (#""location": ["a", "__udp4_lib_rcv"]"#, true),
        (#""reason": "NO_SOCKET", "location": "tcp_v4_rcv""#, false), (#""reason": "UDP_CSUM""#, false),
        (#""kernels": "<6.1", "reason": "UDP_CSUM""#, true),
    ])
    func holdsDropsAgainstTheFile(loss: String, met: Bool) throws {
        let fault = try fault(#""drop": [{\#(loss)}], "verdict": {"cause": "no-listener"}"#)
        let check = FaultCheck(fault: fault, program: tracer, kernel: kernel)
        let seen = trace(#"{"reason": "NO_SOCKET", "location": "__udp4_lib_rcv.isra.0+0x12"}"#)
        #expect(check.shortcomings(in: seen).isEmpty == met)
    }

    @Test(arguments: [
        (#"{"cause": "no-listener", "culprit": "UDP port 4000"}"#, true),
        (#"{"cause": "no-listener", "culprit": "UDP port 53"}"#, false), (#"{"cause": "udp-checksum"}"#, false),
    ])
    func asksForTheVerdictOnceTheProgramKnowsIt(verdict: String, met: Bool) throws {
        let fault = try fault(#""verdict": {"cause": ["no-socket", "no-listener"], "culprit": "4000"}"#)
        let seen = trace(#"{"location": "x+0x1"}"#, verdict: verdict)
        #expect(FaultCheck(fault: fault, program: doctor, kernel: kernel).shortcomings(in: seen).isEmpty == met)
        #expect(FaultCheck(fault: fault, program: tracer, kernel: kernel).shortcomings(in: seen).isEmpty)
    }

    @Test func allowsHealthyPacketsOnlyTheListedLosses() throws {
        let fault = try fault(#""healthy": true, "drop": [{"location": "ping_rcv"}]"#)
        let check = FaultCheck(fault: fault, program: doctor, kernel: kernel)
        #expect(check.excess(in: trace(#"{"location": "ping_rcv+0x1"}"#)).isEmpty)
        #expect(!check.excess(in: trace(#"{"location": "ip_rcv+0x1"}"#)).isEmpty)
        #expect(!check.excess(in: trace(#"{"location": "ping_rcv+0x1"}"#, verdict: #"{"cause": "x"}"#)).isEmpty)
    }

    @Test(arguments: [
        (#"{"cause": "no-listener", "culprit": {"name": "UDP port 4000"}}"#, 0),
        (#"{"cause": "no-listener", "culprit": {"name": "UDP port 53"}}"#, 1),
        (#"{"cause": "no-listener", "suspects": [{"name": "UDP port 4000"}]}"#, 1),
        (#"{"cause": "netfilter-drop", "culprit": {"name": "UDP port 4000"}}"#, 1),
        (#"{"cause": "tcp-reset", "culprit": {"name": "another"}}"#, 0), (#"{"cause": "no-carrier"}"#, 1),
    ])
    func allowsNoVerdictButTheNamedOnes(verdict: String, excess: Int) throws {
        let fault = try fault(
            #"""
            "verdict": {"cause": "no-listener", "culprit": "4000"},
            "also": [{"cause": "tcp-reset"}, {"kernels": "<6.1", "cause": "no-carrier"}]
            """#)
        let seen = trace(#"{"location": "x+0x1"}"#, verdict: verdict)
        #expect(FaultCheck(fault: fault, program: doctor, kernel: kernel).excess(in: seen).count == excess)
    }

    @Test func aVerdictBesideTheRightOneIsTold() throws {
        let check = FaultCheck(
            fault: try fault(#""verdict": {"cause": "no-listener"}"#), program: doctor, kernel: kernel)
        let stray = #"{"type": "context", "events": [{"daddr": "ff02::16"}], "verdict": {"cause": "no-carrier"}}"#
        let right = #"{"type": "context", "events": [{}], "verdict": {"cause": "no-listener"}}"#
        let excess = check.excess(in: Trace(stdout: right + "\n" + stray))
        #expect(excess.count == 1)
        #expect(excess.first?.contains("ff02::16") == true)
    }

    /// Output of the shared tracer after a fault's result is reported once, and only new output.
    @Test func whatIsSaidLateIsExcessOnce() throws {
        let check = FaultCheck(
            fault: try fault(#""verdict": {"cause": "no-listener"}"#), program: doctor, kernel: kernel)
        var pending = PendingFault(name: "n", window: FaultWindow(), check: check)
        func wrong(_ cause: String) -> [String: JSONValue] { ["verdict": .object(["cause": .string(cause)])] }
        pending.window.take(wrong("ip-header"), of: pending.window.start)
        pending.window.beginTrigger()
        pending.window.take(wrong("no-carrier"), of: monotonicTime())
        #expect(pending.newExcess().count == 1)
        #expect(pending.newExcess().isEmpty)
        pending.window.take(wrong("no-carrier"), of: monotonicTime())
        pending.window.take(wrong("qdisc-drop"), of: monotonicTime())
        pending.window.close()
        pending.window.take(wrong("ip-header"), of: .max - 1)
        #expect(pending.newExcess().count == 1)
    }

    @Test func onlyWhatTheTriggerMadeIsHeldAgainstTheDrops() {
        let window = FaultWindow()
        let packet: [String: JSONValue] = ["events": .array([])]
        window.take(packet, of: window.start)
        #expect(window.sinceTrigger.sequence.events.isEmpty)
        window.beginTrigger()
        window.take(packet, of: .max - 1)
        #expect(window.sinceTrigger.sequence.events.count == 1)
    }

    @Test(arguments: [
        "\"also\": [{\"cause\": \"x\", \"open\": true}], \"verdict\": {\"cause\": \"x\"}",
        "\"healthy\": true, \"verdict\": {\"cause\": \"x\"}", "\"healthy\": false", "\"verdict\": {}",
        "\"verdict\": {\"cause\": \"x\", \"because\": 1}", "\"drops\": [], \"verdict\": {\"cause\": \"x\"}",
        "\"drop\": [{\"kernels\": \"new\"}], \"verdict\": {\"cause\": \"x\"}",
    ])
    func refusesFilesThatAskForNothingOrForWhatNobodyReads(rest: String) {
        #expect(throws: (any Error).self) { try fault(rest) }
    }

    @Test(arguments: [("1/1", [0, 1, 2, 3]), ("1/2", [0, 2]), ("2/2", [1, 3]), ("3/3", [2])])
    func everyFileIsInOnePart(text: String, indices: [Int]) throws {
        let part = try #require(Arguments.Part(text))
        #expect((0..<4).filter(part.contains) == indices)
    }

    @Test(arguments: ["", "1", "0/2", "3/2", "1/0", "a/2", "1/2/3", "-1/2"])
    func whatIsNoPartIsRefused(text: String) {
        #expect(Arguments.Part(text) == nil)
    }
}
