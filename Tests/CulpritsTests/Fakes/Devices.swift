import Synchronization

/// Indices of devices in tests: each name has one of its own.
enum Devices {
    private static let names = Mutex<[String]>([])
    private static let first: UInt32 = 1000

    static func index(_ name: String) -> UInt32 {
        names.withLock { names in
            if let place = names.firstIndex(of: name) { return first + UInt32(place) }
            names.append(name)
            return first + UInt32(names.count - 1)
        }
    }

    /// nil for an index that `index` has not returned.
    static func name(_ index: UInt32) -> String? {
        names.withLock { names in
            guard index >= first, index - first < UInt32(names.count) else { return nil }
            return names[Int(index - first)]
        }
    }
}
