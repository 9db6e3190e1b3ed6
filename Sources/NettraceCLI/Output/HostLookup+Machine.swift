import Glibc
import HostInspection
public import NameLookup
public import Snoop
import SystemPackage

extension HostLookup: NameServing {}

extension NameServers {
    /// The servers of this machine.
    static func ofThisMachine() -> NameServers {
        NameServers(configuration: (try? NameFiles.contents(of: "/etc/resolv.conf")) ?? "")
    }
}

extension NameCache {
    /// The cache of the user: `$XDG_CACHE_HOME/nettrace`, or `~/.cache/nettrace`. Without either, names are kept for the run.
    static func ofUser() -> NameCache {
        func folder(_ variable: String) -> String? {
            getenv(variable).map { String(cString: $0) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
        }
        guard let caches = folder("XDG_CACHE_HOME") ?? folder("HOME").map({ $0 + "/.cache" }) else {
            return NameCache()
        }
        return NameCache(folder: caches + "/nettrace")
    }
}
