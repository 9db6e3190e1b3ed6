import Recording
import Rendering

/// The names in a recording, as far as it has been read.
final class RecordedNames {
    private(set) var symbols: [UInt64: String] = [:]
    private var socketOwners: [UInt64: SocketNames.Owner] = [:]
    private var cgroups: [UInt64: String] = [:]

    func add(_ more: [RecordedSymbol]) {
        for symbol in more { symbols[symbol.address] = symbol.text }
    }

    func add(_ more: [RecordedSocketOwner]) {
        for owner in more {
            socketOwners[owner.inode] = .init(pid: owner.pid, command: owner.command, others: owner.others)
        }
    }

    func add(_ more: [RecordedCgroup]) {
        for cgroup in more { cgroups[cgroup.id] = cgroup.path }
    }

    func cgroupPath(of id: UInt64) -> String? { cgroups[id] }

    /// Owners and cgroups from the recording only: this machine's numbers mean something else.
    var sockets: SocketNames {
        SocketNames(owner: { self.socketOwners[$0] }, cgroupPath: { self.cgroups[$0] })
    }
}
