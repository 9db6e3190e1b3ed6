public import PacketFilter
public import SystemPackage

/// The reason that a capture cannot start or go on.
public enum CaptureFailure: Error, Equatable, Sendable {
    /// CAP_NET_RAW is missing, and CAP_NET_ADMIN for promiscuous devices.
    case noPermission(to: String)
    /// A system call of the socket failed.
    case socket(attempt: String, Errno)
    case ring(bytes: Int, Errno)
    /// The kernel refuses the program of the filter.
    case filterRefused(Errno)
    case filter(FilterError)
    case unknownInterface(String)
    /// No device of the network namespace is up.
    case noInterfaces
    case cannotListInterfaces(String)
    /// The device was removed during the capture; all packets before were delivered.
    case interfaceRemoved(String)
}

extension CaptureFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noPermission(let what):
            "no permission to \(what): run as root, or with the capabilities CAP_NET_RAW and CAP_NET_ADMIN"
        case .socket(let attempt, let errno): "cannot \(attempt): \(errno)"
        case .ring(let bytes, let errno):
            "cannot map a ring of \(bytes >> 10) KiB: \(errno); choose a smaller buffer or free memory"
        case .filterRefused(let errno):
            "the kernel refuses the filter's program: \(errno); use fewer conditions, or raise net.core.optmem_max"
        case .filter(let error): "\(error)"
        case .unknownInterface(let name): "no such interface: '\(name)'; 'ip link' lists them"
        case .noInterfaces: "no interfaces were found: no device is up; see 'ip link'"
        case .cannotListInterfaces(let reason): "cannot list the interfaces: \(reason)"
        case .interfaceRemoved(let name):
            "the interface '\(name)' was removed; all packets before were captured"
        }
    }
}
