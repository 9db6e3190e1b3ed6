import CLibBPF
import SystemPackage

/// A hash map that programs fill and user space empties.
struct KernelTable<Key: BitwiseCopyable> {
    private let map: Int32
    /// What it holds, for messages.
    private let contents: String
    /// What its keys start as.
    private let blank: Key

    /// - Parameter map: a `struct bpf_map`, which must outlive this.
    init(_ map: OpaquePointer?, of contents: String, keys blank: Key) {
        self.map = bpf_map__fd(map)
        self.contents = contents
        self.blank = blank
    }

    /// All keys, before any is deleted: meanwhile rows are only added, which keeps the order of the others.
    ///
    /// Where rows also go meanwhile, the walk may begin again, so that a key comes twice: hence `limit`.
    func keys(limit: Int = .max) throws(KernelError) -> [Key] {
        var keys: [Key] = []
        var key = blank
        var error = bpf_map_get_next_key(map, nil, &key)
        while error == 0, keys.count < limit {
            keys.append(key)
            var next = blank
            error = bpf_map_get_next_key(map, &key, &next)
            key = next
        }
        guard error == 0 || error == -Errno.noSuchFileOrDirectory.rawValue else {
            throw KernelError("cannot list the \(contents)", errno: Errno(rawValue: -error))
        }
        return keys
    }

    /// Copies a row's value. False where the row is gone.
    func read<Value: BitwiseCopyable>(_ key: Key, into value: inout Value) -> Bool {
        var key = key
        return bpf_map_lookup_elem(map, &key, &value) == 0
    }

    /// The same, and takes the row out.
    func take<Value: BitwiseCopyable>(_ key: Key, into value: inout Value) throws(KernelError) {
        guard read(key, into: &value) else { throw failure }
        try remove(key)
    }

    /// The same where each CPU has a value.
    func take<Value: BitwiseCopyable>(_ key: Key, into values: borrowing PerCPUValues<Value>) throws(KernelError) {
        guard try values.read(key, of: map) else { throw failure }
        try remove(key)
    }

    private func remove(_ key: Key) throws(KernelError) {
        var key = key
        guard bpf_map_delete_elem(map, &key) == 0 else { throw failure }
    }

    private var failure: KernelError {
        KernelError("cannot take one of the \(contents) out of its table", errno: Errno(rawValue: currentErrno()))
    }
}
