import Glibc
import HostInspection
import Protocols
import Snoop

/// The packets that netsnoop reads.
enum SnoopInput: Equatable {
    /// A capture file; "-": standard input.
    case file(String)
    case device(String)
    case allDevices
    /// A device of another host, by ssh.
    case remote(host: String, device: String)

    /// - Parameters:
    ///   - word: `-i`; nil for the primary device.
    ///   - addresses: those of a host name.
    init(_ word: String?, addresses: (String) -> [IPAddress]) throws {
        guard let word else {
            guard let primary = LocalInterfaces.primary else {
                throw RunError("no network device is up: name one with -i, or a capture file ('-': standard input)")
            }
            self = .device(primary)
            return
        }
        let known = IPAddress(word).map { [$0] } ?? addresses(word)
        let parts = word.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if word == "any" {
            self = .allDevices
        } else if word == "-" || word.contains("/") {
            self = .file(word)
        } else if LocalInterfaces.exists(word) {
            self = .device(word)
        } else if access(word, F_OK) == 0 {
            self = .file(word)
        } else if !known.isEmpty {
            guard let device = known.lazy.compactMap({ LocalInterfaces.name(ofAddress: $0.wireBytes) }).first else {
                throw RunError("-i '\(word)': no device of this machine has this address")
            }
            self = .device(device)
        } else if parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty, !parts[0].hasPrefix("-") {
            self = .remote(host: parts[0], device: parts[1])
        } else {
            throw RunError(
                "-i '\(word)': neither a device, an address or a name of this machine, a host:device, nor a capture file; "
                    + "'ip link' lists devices")
        }
    }

    /// Whether time passes while packets are captured, instead of between those of a file.
    var isDevice: Bool {
        switch self {
        case .file, .remote: false
        case .device, .allDevices: true
        }
    }

    /// Whether packets are shown as they come.
    var isLive: Bool {
        switch self {
        case .file(let name): name == "-"
        case .device, .allDevices, .remote: true
        }
    }
}

extension IPAddress {
    /// The bytes in the order of the wire.
    fileprivate var wireBytes: [UInt8] {
        switch self {
        case .ipv4(let address):
            stride(from: UInt32(24), through: 0, by: -8).map { UInt8(truncatingIfNeeded: address.bits >> $0) }
        case .ipv6(let address):
            stride(from: UInt128(120), through: 0, by: -8).map { UInt8(truncatingIfNeeded: address.bits >> $0) }
        }
    }
}
