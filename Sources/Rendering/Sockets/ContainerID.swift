/// The container that a cgroup belongs to, read from its path as container engines name cgroups.
public enum ContainerID {
    private static let digits = 64
    private static let shown = 12
    private static let prefixes = ["docker-", "cri-containerd-", "crio-", "libpod-"]

    /// The first 12 digits of the innermost container's id, as the engines' own tools show it; nil if there is none.
    ///
    /// - Parameter path: such as `/system.slice/docker-ID.scope`, `/docker/ID`, `/kubepods.slice/…/cri-containerd-ID.scope`,
    ///   `/kubepods/burstable/pod…/ID`.
    static func find(in path: String) -> String? { full(in: path).map { String($0.prefix(shown)) } }

    /// The whole id.
    public static func full(in path: String) -> String? {
        let folders = path.split(separator: "/")
        for index in folders.indices.reversed() {
            let isEngines =
                folders[..<index].last == "docker" || folders[...index].contains { $0.hasPrefix("kubepods") }
            if let id = id(named: folders[index], bareAllowed: isEngines) { return String(id) }
        }
        return nil
    }

    private static func id(named folder: Substring, bareAllowed: Bool) -> Substring? {
        var name = folder
        // Kubernetes with cgroup drivers that disagree: POD.slice:cri-containerd:ID.
        if bareAllowed, let colon = name.lastIndex(of: ":") { name = name[name.index(after: colon)...] }
        if name.hasSuffix(".scope") { name = name.dropLast(".scope".count) }
        let prefix = prefixes.first { name.hasPrefix($0) }
        if let prefix { name = name.dropFirst(prefix.count) }
        guard prefix != nil || bareAllowed, isID(name) else { return nil }
        return name
    }

    private static func isID(_ text: Substring) -> Bool {
        text.utf8.count == digits
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
