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

    /// Programs that tcx runs on a device for sent (egress) or received packets, in their order; empty before Linux 6.6.
    public func devicePrograms(ifindex: UInt32, egress: Bool) -> [DeviceProgram] {
        // BPF_MPROG_MAX, include/linux/bpf_mprog.h.
        var ids = [UInt32](repeating: 0, count: 64)
        let count = nt_device_programs_in_namespace(entrance, ifindex, egress ? 1 : 0, &ids, UInt32(ids.count))
        return ids.prefix(Int(max(count, 0))).map { DeviceProgram(id: $0) }
    }
}

/// A BPF program on a device.
public struct DeviceProgram: Sendable, Equatable {
    public var id: UInt32
    /// Empty if the program was loaded without a name, or no longer exists.
    public var name: String

    /// A program of this machine.
    public init(id: UInt32) {
        self.init(id: id, name: BPFInformation.name(ofProgram: id))
    }

    public init(id: UInt32, name: String) {
        self.id = id
        self.name = name
    }
}
