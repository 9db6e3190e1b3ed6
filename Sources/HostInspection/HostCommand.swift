internal import Glibc

/// A command of the system that changes nothing.
public struct HostCommand: Sendable, Equatable {
    public var name: String
    public var arguments: [String]
    /// The package that contains it, for error messages.
    public var package: String

    public init(_ name: String, _ arguments: [String] = [], package: String) {
        self.name = name
        self.arguments = arguments
        self.package = package
    }

    /// The command line as typed in a shell.
    public var text: String { ([name] + arguments).joined(separator: " ") }

    private static let folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]
    /// For tools that start others; the PATH of the caller is not trusted.
    static let environment = ["PATH=" + folders.joined(separator: ":"), "LC_ALL=C"]

    /// Path of the command; nil if no system directory has it.
    var path: String? {
        Self.folders.map { $0 + "/" + name }.first { access($0, X_OK) == 0 }
    }

    public var isInstalled: Bool { path != nil }
}
