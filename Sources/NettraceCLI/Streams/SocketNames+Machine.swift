import KernelAccess
import Rendering

extension SocketNames {
    /// Looks up processes and cgroups on this machine, when a name is first needed.
    static func ofThisMachine() -> SocketNames {
        let owners = SocketOwners()
        let cgroups = CgroupPaths()
        let containers = ContainerMemory()
        return SocketNames(
            owner: { inode in
                owners.owner(of: inode).map { .init(pid: $0.pid, command: $0.command, others: $0.others) }
            },
            cgroupPath: { cgroups.path(of: $0) }, containerOfProcess: { containers.container(ofProcess: $0) },
            nameOfContainer: { containers.name(ofContainer: $0) })
    }
}
