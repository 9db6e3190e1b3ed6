/// Files that give names to addresses and ports; nil if one cannot be read.
public enum NameFiles {
    private static let limit = 4 << 20

    public static var hosts: String? { text("/etc/hosts", limit: limit) }
    public static var services: String? { text("/etc/services", limit: limit) }
}
