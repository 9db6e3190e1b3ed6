public import Diagnosis
import HostInspection

extension NamespaceName {
    /// The names that this machine has for a network namespace now.
    public init(ofThisMachine inode: UInt32) {
        let directory = NamespaceDirectory(inode: inode)
        self.init(inode: inode, isOwn: directory.isOwn, name: directory.name, process: directory.process)
    }
}
