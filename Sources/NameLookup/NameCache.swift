import Glibc
public import Protocols

/// Names of addresses that servers gave, in memory and in a file of the user's cache folder.
///
/// The file has a line for each address: when the name ends, in seconds since 1970, the address, and its name or `-`. A file
/// that was not written for `fileLifetime` is removed; links are not followed, and only the user can read it.
public struct NameCache {
    struct Entry: Equatable {
        let name: String?
        let end: Int64
    }

    private var entries: [IPAddress: Entry] = [:]
    /// The folder, which stays open since privileges are given up; nil: nothing is kept.
    private let folder: OpenFolder?
    private var isChanged = false

    private static let file = "hosts.cache"
    private static let limit = 1 << 16
    private static let sizeLimit = 8 << 20
    /// Seconds.
    private static let fileLifetime: Int64 = 24 * 3600
    private static let lifetimeLimit: UInt32 = 24 * 3600
    /// For addresses without a name.
    static let negativeLifetime: UInt32 = 3600
    private static let failureLifetime: UInt32 = 60

    /// A cache in memory alone.
    public init() { folder = nil }

    /// - Parameter path: the folder of the caches, which is created for the user alone if its parent is there.
    public init(folder path: String) {
        folder = OpenFolder(path)
        guard let folder else { return }
        let now = Self.now()
        guard let (text, written) = folder.contents(of: Self.file, limit: Self.sizeLimit) else { return }
        guard now - written < Self.fileLifetime else {
            folder.remove(Self.file)
            return
        }
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count == 3, entries.count < Self.limit, let end = Int64(words[0]), end > now,
                end - now <= Self.fileLifetime, let address = IPAddress(words[1])
            else { continue }
            entries[address] = Entry(name: words[2] == "-" ? nil : String(words[2]), end: end)
        }
    }

    /// The name of an address; nil if it has to be asked for.
    subscript(_ address: IPAddress) -> Entry? {
        guard let entry = entries[address], entry.end > Self.now() else { return nil }
        return entry
    }

    mutating func remember(_ name: String?, of address: IPAddress, lifetime: UInt32) {
        add(Entry(name: name, end: Self.now() + Int64(min(max(lifetime, 60), Self.lifetimeLimit))), address)
        isChanged = true
    }

    /// Not to be asked for again soon.
    mutating func rememberFailure(_ address: IPAddress) {
        add(Entry(name: nil, end: Self.now() + Int64(Self.failureLifetime)), address)
    }

    private mutating func add(_ entry: Entry, _ address: IPAddress) {
        if entries.count >= Self.limit, entries[address] == nil { entries.removeAll() }
        entries[address] = entry
    }

    /// Writes the file anew.
    func save() {
        guard let folder, isChanged else { return }
        let now = Self.now()
        let lines = entries.filter { $0.value.end > now + Int64(Self.failureLifetime) }.map { address, entry in
            "\(entry.end) \(address.text) \(entry.name ?? "-")\n"
        }
        folder.replace(Self.file, with: lines.sorted().joined())
    }

    private static func now() -> Int64 { Int64(time(nil)) }
}
