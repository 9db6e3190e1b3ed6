import HostInspection
import NetfilterRules
import Netlink
import Protocols
import Testing

@testable import Culprits

/// Each question to the machine is asked once, and all callers get the same answer.
@Suite struct RememberingNamespaceTests {
    /// Answers each question with the number of questions before it.
    private final class Counting: NamespaceView {
        var questions = 0

        private func next() -> String {
            questions += 1
            return String(questions)
        }

        func output(of command: [String]) throws(InspectionFailure) -> String {
            let answer = next()
            guard command != ["false"] else { throw InspectionFailure(answer) }
            return answer
        }

        func answers<Question: NetlinkQuestion>(to question: Question) throws(NetlinkError) -> [Question.Element] {
            let answer = next()
            guard let device = Link(index: 1, name: answer) as? Question.Element else {
                throw .refused(errno: 101, message: answer)
            }
            return [device]
        }

        func name(ofProgram id: UInt32) -> String { "" }
        func socketProcesses() -> [UInt64: SocketProcess] { [:] }
        func routingNames() -> RoutingNames { RoutingNames() }

        func sysctl(_ path: String) -> String? {
            path == "none"
                ? {
                    _ = next(); return nil
                }() : next()
        }
        func namespace(numbered number: Int) -> (any NamespaceView)? {
            _ = next()
            return number == 0 ? nil : self
        }
        func file(_ path: String) -> String? { next() }
        func controlGroupPrograms(egress: Bool) throws(InspectionFailure) -> [ControlGroupProgram] {
            _ = next()
            return []
        }
        func devicePrograms(ifindex: UInt32, egress: Bool) -> [DeviceProgram] { [] }
        func securityPrograms(at hook: String) throws(InspectionFailure) -> [SecurityProgram] {
            _ = next()
            return []
        }
        func securityModules() -> [String]? { [next()] }
        func controlGroup(ofProcess pid: UInt32) -> String? { nil }
        func minimumTTL(ofDescriptor descriptor: Int32, process: UInt32, isIPv6: Bool) -> Int32? { nil }
        func filter(ofDescriptor descriptor: Int32, process: UInt32) -> SocketFilter? { nil }
        func group(ofSocket inode: UInt64, process: UInt32) -> UInt32? { nil }
        func mayUse(module: String) -> Bool { false }
        func rulesGeneration() -> UInt32? { nil }
        func earlierRules(before time: UInt64) -> RulesetListings? { nil }
        func keep(_ rules: RulesetListings) {}
        var now: UInt64 { 0 }
    }

    @Test func anAnswerIsRemembered() throws {
        let machine = Counting()
        let view = RememberingNamespace(machine)
        for _ in 1...3 {
            #expect(try view.output(of: ["ss", "-H"]) == "1")
            #expect(try view.output(of: ["ip", "rule"]) == "2")
            #expect(view.sysctl("net/ipv4/ip_forward") == "3")
            #expect(view.file("snmp") == "4")
            #expect(view.securityModules() == ["5"])
        }
        #expect(machine.questions == 5)
    }

    @Test func failuresAndMissingThingsAreRememberedToo() throws {
        let machine = Counting()
        let view = RememberingNamespace(machine)
        for _ in 1...3 {
            #expect(throws: InspectionFailure("1")) { try view.output(of: ["false"]) }
            #expect(view.sysctl("none") == nil)
            #expect(view.namespace(numbered: 0) == nil)
            #expect(try view.controlGroupPrograms(egress: true).isEmpty)
            #expect(try view.securityPrograms(at: "socket_sendmsg").isEmpty)
        }
        #expect(machine.questions == 5)
    }

    @Test func theKernelIsAskedOnce() throws {
        let machine = Counting()
        let view = RememberingNamespace(machine)
        for _ in 1...3 {
            #expect(try view.answers(to: LinkQuery(name: "eth0")).map(\.name) == ["1"])
            #expect(try view.answers(to: LinkQuery(index: 2)).map(\.name) == ["2"])
            #expect(throws: NetlinkError.refused(errno: 101, message: "3")) {
                try view.answers(to: RoutingRules(isIPv6: false))
            }
        }
        #expect(machine.questions == 3)
    }

    @Test func anotherNamespaceHasAMemoryOfItsOwn() throws {
        let machine = Counting()
        let view = RememberingNamespace(machine)
        let first = try #require(view.namespace(numbered: 7))
        #expect(try first.output(of: ["ss"]) == "2")
        #expect(try view.namespace(numbered: 7)?.output(of: ["ss"]) == "2")
        #expect(try view.output(of: ["ss"]) == "3")
    }

    @Test func aNamespaceIsOpenedOncePerLook() throws {
        var opened = 0
        let memory = MachineMemory { inode throws(InspectionFailure) in
            opened += 1
            guard inode != 0 else { throw InspectionFailure("gone") }
            return Counting()
        }
        for _ in 1...3 {
            #expect(try memory.namespace(inode: 9).output(of: ["ss"]) == "1")
            #expect(throws: InspectionFailure("gone")) { try memory.namespace(inode: 0) }
        }
        #expect(opened == 2)
    }
}
