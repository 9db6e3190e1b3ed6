import HostInspection

/// A network namespace of this machine.
public final class MachineNamespace: NamespaceView {
    private let handle: NamespaceHandle

    /// - Parameter inode: as in events.
    public init(inode: UInt32) throws(InspectionFailure) {
        do throws(InspectionError) {
            handle = try NamespaceHandle(inode: UInt64(inode))
        } catch {
            throw InspectionFailure("\(error)")
        }
    }

    private init(_ handle: consuming NamespaceHandle) {
        self.handle = handle
    }

    /// The package in which Debian, and most others, have a command that finders use.
    private static func package(of command: String) -> String {
        switch command {
        case "ip", "ss", "tc", "bridge": "iproute2"
        case "cat": "coreutils"
        default: command
        }
    }

    public func output(of command: [String]) throws(InspectionFailure) -> String {
        guard let name = command.first else { return "" }
        do throws(InspectionError) {
            return try handle.run(
                HostCommand(name, Array(command.dropFirst()), package: Self.package(of: name)))
        } catch {
            throw InspectionFailure("\(error)")
        }
    }

    public func sysctl(_ path: String) -> String? { try? handle.sysctl(path) }

    public func namespace(numbered number: Int) -> (any NamespaceView)? {
        guard let other = try? handle.namespace(numbered: number) else { return nil }
        return MachineNamespace(other)
    }
}
