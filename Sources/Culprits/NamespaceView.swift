/// What culprit finders may look at: one network namespace of this machine, read-only.
public protocol NamespaceView {
    /// What a command prints when it is run there. No shell is involved.
    func output(of command: [String]) throws(InspectionFailure) -> String
    /// The text of a file below /proc/sys, as that namespace has it, without white space around it; nil: no such file.
    func sysctl(_ path: String) -> String?
    /// Another namespace, by the number that this one has for it (`link-netnsid` of ip-link(8)); nil: not to be found.
    func namespace(numbered number: Int) -> (any NamespaceView)?
}

/// Why the machine could not be asked.
public struct InspectionFailure: Error, Sendable, Equatable, CustomStringConvertible {
    public let description: String

    public init(_ description: String) {
        self.description = description
    }
}
