import HostInspection
import Netlink
import Protocols
import NetfilterRules

/// A namespace that asks the machine each question only once: all finders see the same answers.
final class RememberingNamespace: NamespaceView {
    private let namespace: any NamespaceView
    private var outputs: [[String]: Result<String, InspectionFailure>] = [:]
    /// By question, an array of the question's elements.
    private var answers: [AnyHashable: Result<any Sendable, NetlinkError>] = [:]
    private var owners: [UInt64: SocketProcess]?
    private var names: RoutingNames?
    private var sysctls: [String: String?] = [:]
    private var files: [String: String?] = [:]
    private var namespaces: [Int: RememberingNamespace?] = [:]
    private var groupPrograms: [Bool: Result<[ControlGroupProgram], InspectionFailure>] = [:]
    private var hookPrograms: [String: Result<[SecurityProgram], InspectionFailure>] = [:]
    private var modules: [String]??

    init(_ namespace: any NamespaceView) {
        self.namespace = namespace
    }

    func output(of command: [String]) throws(InspectionFailure) -> String {
        try Self.remembered(&outputs, command) { () throws(InspectionFailure) in try namespace.output(of: command) }
    }

    func answers<Question: NetlinkQuestion>(to question: Question) throws(NetlinkError) -> [Question.Element] {
        if let known = answers[question], let elements = try known.get() as? [Question.Element] { return elements }
        let answer: Result<[Question.Element], NetlinkError>
        do throws(NetlinkError) { answer = .success(try namespace.answers(to: question)) } catch {
            answer = .failure(error)
        }
        answers[question] = answer.map { $0 }
        return try answer.get()
    }

    func socketProcesses() -> [UInt64: SocketProcess] {
        if let owners { return owners }
        let answer = namespace.socketProcesses()
        owners = answer
        return answer
    }

    func routingNames() -> RoutingNames {
        if let names { return names }
        let answer = namespace.routingNames()
        names = answer
        return answer
    }

    func sysctl(_ path: String) -> String? {
        Self.remembered(&sysctls, path) { namespace.sysctl(path) }
    }

    func namespace(numbered number: Int) -> (any NamespaceView)? {
        Self.remembered(&namespaces, number) { namespace.namespace(numbered: number).map(RememberingNamespace.init) }
    }

    func file(_ path: String) -> String? {
        Self.remembered(&files, path) { namespace.file(path) }
    }

    func controlGroupPrograms(egress: Bool) throws(InspectionFailure) -> [ControlGroupProgram] {
        try Self.remembered(&groupPrograms, egress) { () throws(InspectionFailure) in
            try namespace.controlGroupPrograms(egress: egress)
        }
    }

    func devicePrograms(ifindex: UInt32, egress: Bool) -> [DeviceProgram] {
        namespace.devicePrograms(ifindex: ifindex, egress: egress)
    }

    func name(ofProgram id: UInt32) -> String { namespace.name(ofProgram: id) }

    func securityPrograms(at hook: String) throws(InspectionFailure) -> [SecurityProgram] {
        try Self.remembered(&hookPrograms, hook) { () throws(InspectionFailure) in
            try namespace.securityPrograms(at: hook)
        }
    }

    func securityModules() -> [String]? {
        if let modules { return modules }
        let answer = namespace.securityModules()
        modules = .some(answer)
        return answer
    }

    func controlGroup(ofProcess pid: UInt32) -> String? { namespace.controlGroup(ofProcess: pid) }

    func minimumTTL(ofDescriptor descriptor: Int32, process: UInt32, isIPv6: Bool) -> Int32? {
        namespace.minimumTTL(ofDescriptor: descriptor, process: process, isIPv6: isIPv6)
    }

    func filter(ofDescriptor descriptor: Int32, process: UInt32) -> SocketFilter? {
        namespace.filter(ofDescriptor: descriptor, process: process)
    }

    func group(ofSocket inode: UInt64, process: UInt32) -> UInt32? {
        namespace.group(ofSocket: inode, process: process)
    }

    func mayUse(module: String) -> Bool { namespace.mayUse(module: module) }

    /// Not remembered: `RulesetCollector` compares the value before and after listing the rules.
    func rulesGeneration() -> UInt32? { namespace.rulesGeneration() }

    func earlierRules(before time: UInt64) -> RulesetListings? { namespace.earlierRules(before: time) }

    func keep(_ rules: RulesetListings) { namespace.keep(rules) }

    var now: UInt64 { namespace.now }

    private static func remembered<Question: Hashable, Answer>(
        _ answers: inout [Question: Result<Answer, InspectionFailure>], _ question: Question,
        _ ask: () throws(InspectionFailure) -> Answer
    ) throws(InspectionFailure) -> Answer {
        if let known = answers[question] { return try known.get() }
        let answer: Result<Answer, InspectionFailure>
        do throws(InspectionFailure) { answer = .success(try ask()) } catch { answer = .failure(error) }
        answers[question] = answer
        return try answer.get()
    }

    private static func remembered<Question: Hashable, Answer>(
        _ answers: inout [Question: Answer?], _ question: Question, _ ask: () -> Answer?
    ) -> Answer? {
        if let known = answers[question] { return known }
        let answer = ask()
        answers[question] = .some(answer)
        return answer
    }
}

/// The namespaces of a machine, each with its remembered answers. A new value is made for each inspection.
public final class MachineMemory {
    private let open: (UInt32) throws(InspectionFailure) -> any NamespaceView
    private var namespaces: [UInt32: Result<RememberingNamespace, InspectionFailure>] = [:]

    /// - Parameter open: opens a namespace by its inode number, as in events.
    public init(_ open: @escaping (UInt32) throws(InspectionFailure) -> any NamespaceView) {
        self.open = open
    }

    public func namespace(inode: UInt32) throws(InspectionFailure) -> any NamespaceView {
        if let known = namespaces[inode] { return try known.get() }
        let found: Result<RememberingNamespace, InspectionFailure>
        do throws(InspectionFailure) {
            found = .success(RememberingNamespace(try open(inode)))
        } catch {
            found = .failure(error)
        }
        namespaces[inode] = found
        return try found.get()
    }
}
