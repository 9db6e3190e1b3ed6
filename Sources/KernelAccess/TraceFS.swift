import CSyscalls
import Glibc
import SystemPackage

/// tracefs, wherever it is mounted; where it is not, through a private mount that no path leads to.
enum TraceFS {
    private static let mountPoints: [FilePath] = ["/sys/kernel/tracing", "/sys/kernel/debug/tracing"]

    /// Tracepoint name → category, from events/CATEGORY/NAME. Empty where tracefs may not be read.
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

    private static func openEvents() -> OpaquePointer? {
        for mountPoint in mountPoints {
            if let directory = openDirectory(mountPoint.appending("events"), at: AT_FDCWD) { return directory }
        }
        let mount = nt_private_mount("tracefs")
        guard mount >= 0 else { return nil }
        defer { close(mount) }
        return openDirectory("events", at: mount)
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
