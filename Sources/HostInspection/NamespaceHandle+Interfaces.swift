internal import CSyscalls
internal import Glibc

extension NamespaceHandle {
    /// Index of a device in this namespace; nil if there is no device with this name. ioctl(2), SIOCGIFINDEX.
    public func index(ofInterface name: String) throws(InspectionError) -> UInt32? {
        let socket = nt_socket_in_namespace(entrance, AF_INET, Int32(SOCK_DGRAM.rawValue), 0)
        guard socket >= 0 else { throw .noPermission(to: "enter the network namespace \(inode)") }
        defer { close(socket) }
        let index = nt_interface_index(socket, name)
        return index > 0 ? UInt32(index) : nil
    }

    /// Names of the namespace's devices, as /proc/net/dev lists them.
    public func interfaceNames() throws(InspectionError) -> [String] {
        try read("/proc/thread-self/net/dev").split(separator: "\n").dropFirst(2).compactMap { line in
            line.lastIndex(of: ":").map { String(line[..<$0].drop { $0 == " " }) }
        }
    }
}
