import CLibBPF
import SystemPackage

/// A hash map that programs fill and user space empties.
struct KernelTable<Key: BitwiseCopyable> {
    private let map: Int32
    /// Description of its contents, for messages.
    private let contents: String
    /// The initial value of a key.
    private let blank: Key

    /// - Parameter map: a `struct bpf_map`, which must outlive this value.
    init(_ map: OpaquePointer?, of contents: String, keys blank: Key) {
        self.map = bpf_map__fd(map)
        self.contents = contents
        self.blank = blank
    }

    /// All keys. Call it before any row is deleted: as long as rows are only added, the order of the others is stable.
    ///
    /// If rows are removed meanwhile, the walk may begin again, so that a key occurs twice; `limit` bounds it.
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

    /// Copies a row's value. Returns false if the row is gone.
    func read<Value: BitwiseCopyable>(_ key: Key, into value: inout Value) -> Bool {
        var key = key
        return bpf_map_lookup_elem(map, &key, &value) == 0
    }

    /// Copies a row's value and removes the row.
    func take<Value: BitwiseCopyable>(_ key: Key, into value: inout Value) throws(KernelError) {
        guard read(key, into: &value) else { throw failure }
        try remove(key)
    }

    /// The same for a map with a value for each CPU.
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
