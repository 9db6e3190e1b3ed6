import Analysis
import ArgumentParser

/// A table of TCP connections, as a command line asks for it.
struct ConnectionTableRequest {
    enum Table {
        case roundTrips(RoundTripArguments)
        /// `seconds`: nil: one table, at the end of the run.
        case connections(seconds: Double?, order: ConnectionOrder)
    }

    var options: TableArguments
    var table: Table

    /// Refuses filters that only packets have.
    static func check(_ option: String, _ options: TableArguments) throws {
        let (packets, metadata) = (options.packets, options.metadata)
        let filters: [(Bool, String)] = [
            (!packets.tcpFlags.isEmpty, "--tcp-flags"), (packets.inner, "--inner"), (packets.quoted, "--quoted"),
            (!metadata.interface.isEmpty, "--interface"), (!metadata.mark.isEmpty, "--mark"),
            (!metadata.length.isEmpty, "--len"),
        ]
        for (isGiven, other) in filters where isGiven {
            throw ValidationError(
                "\(option) excludes \(other): it follows connections, which have no such thing; filter by address, port, "
                    + "--netns or --pid")
        }
        if let other = packets.foreignProtocols.first {
            throw ValidationError("\(option) excludes -p \(other): it follows TCP")
        }
    }
}

extension PacketArguments {
    /// Protocols in -p that exclude TCP.
    fileprivate var foreignProtocols: [String] {
        protocols.listItems.filter { !["tcp", "6", "ip", "ipv4", "ip4", "ipv6", "ip6"].contains($0.lowercased()) }
    }
}
