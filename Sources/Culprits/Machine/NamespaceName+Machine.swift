public import Diagnosis
import HostInspection

extension NamespaceName {
    /// Looks up the current names of a network namespace on this machine.
    public init(ofThisMachine inode: UInt32) {
        let directory = NamespaceDirectory(inode: inode)
        self.init(inode: inode, isOwn: directory.isOwn, name: directory.name, process: directory.process)
    }
}
