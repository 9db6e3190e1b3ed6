/// A network namespace, by all names that it has.
public struct NamespaceName: Sendable, Equatable {
    public var inode: UInt32
    /// It is the one that this program runs in.
    public var isOwn: Bool
    /// As ip-netns(8) takes it.
    public var name: String?
    /// A process that is in it.
    public var process: UInt32?

    public init(inode: UInt32, isOwn: Bool = false, name: String? = nil, process: UInt32? = nil) {
        self.inode = inode
        self.isOwn = isOwn
        self.name = name
        self.process = process
    }

    /// These show or set the same in every network namespace, or take their namespace as an argument.
    private static let ofMachine: Set = [
        "ausearch", "cilium-dbg", "dmesg", "lsmod", "lsns", "modprobe", "nettrace", "ovs-appctl", "ovs-ofctl",
        "systemctl",
        "top",
    ]

    /// The command as it has to be typed outside of the namespace; as it is where no name is known.
    func placed(_ command: String) -> String {
        let words = command.split(separator: " ", maxSplits: 2)
        guard !isOwn, let entrance, let first = words.first, !Self.ofMachine.contains(String(first)) else {
            return command
        }
        if words.count > 1, first == "ip" && words[1] == "netns" || first == "bpftool" && words[1] != "net" {
            return command
        }
        // Of a line with operators only the first command would be run there.
        let isPlain = !Self.hasOperators(command)
        return entrance + " " + (isPlain ? command : "sh -c " + AdviceWriter.quoted(command))
    }

    private var entrance: String? {
        name.map { "ip netns exec " + ($0.contains(" ") ? AdviceWriter.quoted($0) : AdviceWriter.shellSafe($0)) }
            ?? process.map { "nsenter --net=/proc/\($0)/ns/net" }
    }

    /// Outside of quotes. A placeholder that nothing is known for, such as `<dev>`, is none.
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
