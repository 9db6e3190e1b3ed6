import HostInspection
import Snoop

extension SystemNames {
    /// The names that this machine knows without asking a server.
    static func ofThisMachine() -> SystemNames {
        SystemNames(
            hosts: NameFiles.hosts ?? "", services: NameFiles.services ?? "", ethers: NameFiles.ethers ?? "",
            rpc: NameFiles.rpc ?? "")
    }
}
