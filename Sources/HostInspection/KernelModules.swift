internal import Glibc

/// Modules of the running kernel.
public enum KernelModules {
    /// False only if the module is known to be neither loaded nor built in.
    public static func mayBeLoaded(_ name: String) -> Bool {
        guard let loaded = text("/proc/modules") else { return true }
        if loaded.split(separator: "\n").contains(where: { $0.hasPrefix(name + " ") }) { return true }
        var system = utsname()
        guard uname(&system) == 0 else { return true }
        let release = withUnsafePointer(to: &system.release) {
            $0.withMemoryRebound(to: CChar.self, capacity: MemoryLayout.size(ofValue: $0.pointee)) {
                String(cString: $0)
            }
        }
        guard let builtIn = text("/lib/modules/\(release)/modules.builtin") else { return true }
        return builtIn.split(separator: "\n").contains { $0.hasSuffix("/\(name).ko") }
    }

    private static func text(_ path: String) -> String? {
        let fd = open(path, O_RDONLY | O_CLOEXEC)
        guard fd >= 0 else { return nil }
        defer { close(fd) }
        return try? contents(of: fd, limit: 1 << 22)
    }
}
