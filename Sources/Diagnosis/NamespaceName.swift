/// A network namespace with all its names.
public struct NamespaceName: Sendable, Equatable {
    public var inode: UInt32
    /// Whether nettrace itself runs in it.
    public var isOwn: Bool
    /// Name for ip-netns(8).
    public var name: String?
    /// A process in the namespace.
    public var process: UInt32?

    public init(inode: UInt32, isOwn: Bool = false, name: String? = nil, process: UInt32? = nil) {
        self.inode = inode
        self.isOwn = isOwn
        self.name = name
        self.process = process
    }

    /// Commands that have the same effect in every network namespace, or take the namespace as an argument.
    private static let ofMachine: Set = [
        "ausearch", "cilium-dbg", "dmesg", "lsmod", "lsns", "modprobe", "nettrace", "ovs-appctl", "ovs-ofctl",
        "systemctl",
        "top",
    ]

    /// The command line for a shell outside of the namespace; unchanged if the namespace has no known name.
    func placed(_ command: String) -> String {
        let words = command.split(separator: " ", maxSplits: 2)
        guard !isOwn, let entrance, let first = words.first, !Self.ofMachine.contains(String(first)) else {
            return command
        }
        if words.count > 1, first == "ip" && words[1] == "netns" || first == "bpftool" && words[1] != "net" {
            return command
        }
        // Without a shell, only the first command of a line with operators would run in the namespace.
        let isPlain = !Self.hasOperators(command)
        return entrance + " " + (isPlain ? command : "sh -c " + AdviceWriter.quoted(command))
    }

    private var entrance: String? {
        name.map { "ip netns exec " + ($0.contains(" ") ? AdviceWriter.quoted($0) : AdviceWriter.shellSafe($0)) }
            ?? process.map { "nsenter --net=/proc/\($0)/ns/net" }
    }

    /// Whether the command has shell operators outside of quotes. An unfilled placeholder such as `<dev>` is not an
    /// operator.
    private static func hasOperators(_ command: String) -> Bool {
        var quote: Character?
        var isEscaped = false
        for character in command.replacing(/<[a-z0-9]+>/, with: "") {
            if isEscaped {
                isEscaped = false
            } else if let open = quote {
                if character == open { quote = nil }
            } else if character == "\\" {
                isEscaped = true
            } else if character == "'" || character == "\"" {
                quote = character
            } else if "|;&><".contains(character) {
                return true
            }
        }
        return false
    }
}
