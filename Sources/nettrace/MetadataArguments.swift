import ArgumentParser
import KernelAccess

/// What must hold for a packet besides its bytes.
struct MetadataArguments: ParsableArguments {
    @Option(
        name: [.customShort("i", allowingJoined: true), .customLong("interface")],
        help: .init("Only packets that came in or go out by this interface.", valueName: "name"))
    var interface: String?

    @Option(
        help: .init("Only this network namespace: path, inode, name of 'ip netns', or 'current'.", valueName: "netns"))
    var netns: String?

    @Option(help: .init("Only packets of this process (and of its sockets, once they were seen).", valueName: "pid"))
    var pid: UInt32?

    @Option(help: .init("Only packets with this mark: VALUE or VALUE/MASK, decimal or 0x….", valueName: "mark"))
    var mark: String?

    @Option(
        name: .customLong("len"),
        help: .init("Only packets of so many bytes (skb->len): N, MIN-MAX, MIN- or 0-MAX.", valueName: "range"))
    var length: String?

    func apply(to configuration: inout TraceConfiguration) throws {
        configuration.pid = pid
        if let netns {
            do {
                configuration.netns = try NetworkNamespace(named: netns).inode
            } catch {
                throw ValidationError("--netns: \(error)")
            }
        }
        if let interface {
            guard (1...15).contains(interface.utf8.count) else {
                throw ValidationError("--interface '\(interface)': the name of an interface has 1 to 15 bytes")
            }
            configuration.interface = try .init(named: interface)
        }
        if let mark { configuration.mark = try Self.parse(mark: mark) }
        if let length { configuration.length = try Self.parse(length: length) }
    }

    static func parse(mark text: String) throws -> (value: UInt32, mask: UInt32) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let value = number(parts[0]), let mask = parts.count == 2 ? number(parts[1]) : .max
        else {
            throw ValidationError("--mark '\(text)': write VALUE or VALUE/MASK with 32-bit numbers, such as 0x10/0xff")
        }
        guard value & ~mask == 0 else {
            throw ValidationError("--mark '\(text)': the value has bits outside of the mask, so no packet can match")
        }
        return (value, mask)
    }

    static func parse(length text: String) throws -> ClosedRange<UInt32> {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let low = parts.first.flatMap { UInt32($0) }
        let high = parts.count == 1 ? low : parts[1].isEmpty ? .max : UInt32(parts[1])
        guard parts.count <= 2, let low, let high else {
            throw ValidationError("--len '\(text)': write a number of bytes, or a range such as 64-1500 or 1500-")
        }
        guard low <= high else {
            throw ValidationError("--len '\(text)': the range is upside down; write \(high)-\(low)")
        }
        return low...high
    }

    private static func number(_ text: Substring) -> UInt32? {
        text.hasPrefix("0x") || text.hasPrefix("0X") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
    }
}
