import CSyscalls
import Glibc
import SystemPackage

/// tracefs at its mount point; if it is not mounted, through a detached mount of our own.
enum TraceFS {
    private static let mountPoints: [FilePath] = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"]

    /// Tracepoint name → category, from events/CATEGORY/NAME. Empty if tracefs cannot be read.
    static func tracepointCategories() -> [String: String] {
        guard let events = openEvents() else { return [:] }
        defer { closedir(events) }
        var categories: [String: String] = [:]
        for category in directoryEntries(of: events) {
            guard let names = openDirectory(FilePath(category), at: dirfd(events)) else { continue }
            defer { closedir(names) }
            for name in directoryEntries(of: names) { categories[name] = category }
        }
        return categories
    }

    /// Names of the functions that ftrace can patch, which kprobe.multi needs. nil if tracefs cannot be read.
    static func attachableFunctions() -> Set<String>? {
        guard let root = openRoot() else { return nil }
        defer { try? root.close() }
        guard let bytes = try? readFile("available_filter_functions", relativeTo: root) else { return nil }
        // Each line is `name` or `name [module]`.
        return Set(
            bytes.split(separator: UInt8(ascii: "\n")).map { line in
                String(decoding: line.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
            })
    }

    /// The functions that ftrace can patch, with their modules, each once. nil if tracefs cannot be read.
    static func tracedFunctions() -> [(module: String, name: String)]? {
        guard let root = openRoot() else { return nil }
        defer { try? root.close() }
        guard let bytes = try? readFile("available_filter_functions", relativeTo: root) else { return nil }
        var known: Set<Substring> = []
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").compactMap { line in
            guard known.insert(line).inserted else { return nil }
            let words = line.split(separator: " ", maxSplits: 1)
            return (words.count > 1 ? String(words[1].dropFirst().dropLast()) : "vmlinux", String(words[0]))
        }
    }

    private static func openEvents() -> OpaquePointer? {
        guard let root = openRoot() else { return nil }
        defer { try? root.close() }
        return openDirectory("events", at: root.rawValue)
    }

    private static func openRoot() -> FileDescriptor? {
        for mountPoint in mountPoints {
            let options: FileDescriptor.OpenOptions = [.directory, .closeOnExec]
            guard let root = try? FileDescriptor.open(mountPoint, .readOnly, options: options) else { continue }
            // The directory also exists without a mount.
            if let events = openDirectory("events", at: root.rawValue) {
                closedir(events)
                return root
            }
            try? root.close()
        }
        let mount = nt_private_mount("tracefs")
        return mount < 0 ? nil : FileDescriptor(rawValue: mount)
    }

    private static func openDirectory(_ path: FilePath, at directory: Int32) -> OpaquePointer? {
        let fd = path.withPlatformString { openat(directory, $0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) }
        guard fd >= 0 else { return nil }
        guard let stream = fdopendir(fd) else {
            close(fd)
            return nil
        }
        return stream
    }
}
