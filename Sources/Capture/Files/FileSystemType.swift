import CSyscalls

/// A type of file system that matters to files which are written without pause.
enum FileSystemType: Equatable {
    case local
    /// Files of other machines: a server that does not answer blocks the writer.
    case network(String)
    /// A program serves it, which may be a network file system.
    case user

    /// - Parameter number: f_type of statfs(2): NFS_SUPER_MAGIC, CIFS_SUPER_MAGIC, SMB2_SUPER_MAGIC, SMB_SUPER_MAGIC,
    ///   V9FS_MAGIC, CEPH_SUPER_MAGIC, FUSE_SUPER_MAGIC.
    init(number: UInt64) {
        switch number {
        case 0x6969: self = .network("NFS")
        case 0xff53_4d42: self = .network("CIFS")
        case 0xfe53_4d42: self = .network("SMB2")
        case 0x517b: self = .network("SMB")
        case 0x00c3_6400: self = .network("Ceph")
        case 0x6573_5546: self = .user
        default: self = .local
        }
    }

    /// That of an open file or folder; local if the kernel does not say.
    init(of descriptor: Int32) {
        var number: UInt64 = 0
        self = nt_filesystem_type(descriptor, &number) == 0 ? FileSystemType(number: number) : .local
    }
}
