/// A probe of this kernel.
public struct Probe: Hashable, Sendable {
    /// As -l prints it, see `ProbeNumbers`.
    public var number: Int
    public var provider: String
    public var module: String
    public var function: String
    public var name: String
    public var site: ProbeSite
    /// For providers that this kernel offers from other places than others: what differs.
    public var approximation: String?

    public init(
        _ provider: String, module: String = "", function: String = "", name: String, site: ProbeSite,
        approximation: String? = nil
    ) {
        number = 0
        self.provider = provider
        self.module = module
        self.function = function
        self.name = name
        self.site = site
        self.approximation = approximation
    }

    public var title: String { "\(provider):\(module):\(function):\(name)" }
}

/// The first number of each kind of probe: the number of a probe does not depend on what a program uses.
enum ProbeNumbers {
    static let dtraceAndNetwork = 1
    /// In the order in which a program names them.
    static let clocks = 101
    static let systemCalls = 1001
    static let tracepoints = 3001
    static let functions = 10_001
}

/// The place in the kernel where a probe fires.
public enum ProbeSite: Hashable, Sendable {
    case begin, end, error
    /// One CPU, or all of them.
    case everyNanoseconds(UInt64, onAllCPUs: Bool)
    case frequency(UInt64, onAllCPUs: Bool)
    case tracepoint(String, ProbePlace)
    case function(String, atReturn: Bool, ProbePlace)
    /// A system call of x86-64 by its number.
    case systemCall(Int, atReturn: Bool)

    public var place: ProbePlace {
        switch self {
        case .tracepoint(_, let place), .function(_, _, let place): place
        default: .plain
        }
    }

    /// Probes of the same shape can share a program: only their names differ.
    var shape: ProbeShape? {
        switch self {
        case .function(_, let atReturn, .plain): atReturn ? .functionReturn : .functionEntry
        case .systemCall(_, let atReturn): atReturn ? .systemCallReturn : .systemCallEntry
        default: nil
        }
    }
}

enum ProbeShape: Hashable {
    case functionEntry, functionReturn, systemCallEntry, systemCallReturn
}

/// The meaning of a place in the kernel.
public enum ProbePlace: Hashable, Sendable {
    /// Its raw arguments.
    case plain
    case packet(PacketPlace)
    case connection(ConnectionPlace)
}
