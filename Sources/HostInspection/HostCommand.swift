internal import Glibc

/// A command of the system that only shows things.
public struct HostCommand: Sendable, Equatable {
    public var name: String
    public var arguments: [String]
    /// What has it, for people who have not.
    public var package: String

    public init(_ name: String, _ arguments: [String] = [], package: String) {
        self.name = name
        self.arguments = arguments
        self.package = package
    }

    /// As one would type it.
    public var text: String { ([name] + arguments).joined(separator: " ") }

    private static let folders = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"]
    /// For tools that start others; a caller's own PATH is not trusted.
    static let environment = ["PATH=" + folders.joined(separator: ":"), "LC_ALL=C"]

    /// nil if no system directory has it.
    var path: String? {
        Self.folders.map { $0 + "/" + name }.first { access($0, X_OK) == 0 }
    }

    public var isInstalled: Bool { path != nil }
}
