public import Events

/// The owners of the sockets in events: the processes and cgroups that their numbers lead to.
///
/// Copying is cheap and shares the cache; use it from one thread.
public struct SocketNames {
    /// The process that holds a socket.
    public struct Owner: Sendable, Equatable {
        public var pid: UInt32
        /// The process's name: any text.
        public var command: String
        /// How many more processes hold the socket.
        public var others: UInt32

        public init(pid: UInt32, command: String, others: UInt32) {
            self.pid = pid
            self.command = command
            self.others = others
        }
    }

    private let ownerOfInode: (UInt64) -> Owner?
    private let cgroups: CgroupCache
    private let containerOfProcess: (UInt32) -> String?
    private let nameOfContainer: (String) -> String?

    /// - Parameters:
    ///   - owner: who holds the socket with this inode. Asked for every event, since owners change.
    ///   - cgroupPath: the path of the cgroup with this id. Not asked again once it is known.
    ///   - containerOfProcess: the id of the container that a process is in.
    ///   - nameOfContainer: what its engine calls the container with this id.
    public init(
        owner: @escaping (UInt64) -> Owner? = { _ in nil }, cgroupPath: @escaping (UInt64) -> String? = { _ in nil },
        containerOfProcess: @escaping (UInt32) -> String? = { _ in nil },
        nameOfContainer: @escaping (String) -> String? = { _ in nil }
    ) {
        ownerOfInode = owner
        cgroups = CgroupCache(cgroupPath)
        self.containerOfProcess = containerOfProcess
        self.nameOfContainer = nameOfContainer
    }

    /// The container that the event's socket is in, or else the process that handles the packet: its name, or the first
    /// digits of its id where the name is not known.
    public func container(of event: EventView) -> String? {
        guard let id = containerID(of: event) else { return nil }
        return nameOfContainer(id) ?? String(id.prefix(12))
    }

    private func containerID(of event: EventView) -> String? {
        let path = event.socket.flatMap { cgroup(of: $0)?.path }
        if let path, let id = ContainerID.full(in: path) { return id }
        guard !event.flags.contains(.interrupt), let task = event.task else { return nil }
        return containerOfProcess(task.pid)
    }

    public func owner(of socket: SocketSection) -> Owner? { socket.inode.flatMap(ownerOfInode) }

    /// - Parameter inode: 0: no process has the socket open.
    public func owner(ofInode inode: UInt64) -> Owner? { inode == 0 ? nil : ownerOfInode(inode) }

    /// The path of the socket's cgroup.
    public func cgroupPath(of socket: SocketSection) -> String? { cgroup(of: socket)?.path }

    /// Looks up all names now: when the event is shown, its process may be gone.
    public func prepare(for socket: SocketSection) {
        _ = owner(of: socket)
        _ = cgroup(of: socket)
    }

    func cgroup(of socket: SocketSection) -> CgroupName? { socket.cgroup.flatMap { cgroups.name(of: $0) } }
}

/// The name of a cgroup.
struct CgroupName {
    var path: String
    /// 12 hexadecimal digits.
    var container: String?
}

/// Remembers the cgroups that were asked for.
private final class CgroupCache {
    private let path: (UInt64) -> String?
    private var known: [UInt64: CgroupName] = [:]

    /// More than are alive on any machine; a damaged recording may claim any number.
    private static let limit = 65536

    init(_ path: @escaping (UInt64) -> String?) {
        self.path = path
    }

    func name(of id: UInt64) -> CgroupName? {
        if let name = known[id] { return name }
        guard let path = path(id) else { return nil }
        let name = CgroupName(path: path, container: ContainerID.find(in: path))
        if known.count < Self.limit { known[id] = name }
        return name
    }
}
