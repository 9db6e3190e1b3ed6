/// A user of this machine: passwd(5). Static executables cannot ask the machine's name services.
public struct UserAccount: Equatable, Sendable {
    public let user: UInt32
    public let group: UInt32

    public init(user: UInt32, group: UInt32) {
        self.user = user
        self.group = group
    }

    /// - Parameters:
    ///   - name: a name of /etc/passwd, or a number that it lists.
    /// - Returns: nil if the file does not list it.
    public init?(named name: String) {
        guard let text = text("/etc/passwd", limit: 4 << 20), let account = Self.find(name, in: text) else {
            return nil
        }
        self = account
    }

    /// Lines such as `tcpdump:x:105:113::/nonexistent:/usr/sbin/nologin`.
    static func find(_ name: String, in text: String) -> UserAccount? {
        let wanted = UInt32(name)
        for line in text.split(separator: "\n") {
            let fields = line.split(separator: ":", omittingEmptySubsequences: false)
            guard fields.count >= 4, let user = UInt32(fields[2]), let group = UInt32(fields[3]) else { continue }
            if fields[0] == name || user == wanted { return UserAccount(user: user, group: group) }
        }
        return nil
    }
}
