/// MAC addresses in the notation of ip(8).
enum LinkAddress {
    /// nil unless there are 6 bytes.
    static func text(_ bytes: [UInt8]) -> String? {
        bytes.count == 6 ? bytes.map { $0.hexadecimal(digits: 2) }.joined(separator: ":") : nil
    }
}
