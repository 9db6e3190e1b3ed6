import ArgumentParser

@testable import NettraceCLI

/// An option with a value, and where the parser stores it.
struct ValueOption: Sendable {
    /// Stores the value; returns false if the parser itself would refuse it.
    let set: @Sendable (inout EventArguments, String) -> Bool

    /// All options except those that name files.
    static let all: [ValueOption] = [
        packet { $0.packets.sources.append($1) },
        packet { $0.packets.destinations.append($1) },
        packet { $0.packets.addresses.append($1) },
        packet { $0.packets.protocols.append($1) },
        packet { $0.packets.sourcePorts.append($1) },
        packet { $0.packets.destinationPorts.append($1) },
        packet { $0.packets.ports.append($1) },
        text { $0.packets.tcpFlags.append($1) },
        text { $0.packets.expression.append($1) },
        text { $0.metadata.interface.append($1) },
        // A path would be opened.
        text { if !$1.contains("/") { $0.metadata.netns.append($1) } },
        text { $0.metadata.pid.append($1) },
        text { $0.metadata.comm.append($1) },
        text { $0.metadata.uid.append($1) },
        text { $0.negation.filters.append($1) },
        text { $0.metadata.mark.append($1) },
        text { $0.metadata.length.append($1) },
        tracer { $0.places.tracers.append($1) },
        tracer { $0.places.excluded.append($1) },
        text { $0.places.backend = $1 },
        text { $0.drop.ignored.dropIgnore.append($1) },
        text { $0.monitoring.rateLimit = $1 },
        number { $0.life.minLatency = $1 },
        number { $0.life.timeout = $1 },
        text { $0.life.latencyBetween = $1 },
        tracer { $0.stacks.stackTracer.append($1) },
        number { $0.limits.maxPackets = $1 },
        number { $0.limits.maxPacketEvents = $1 },
        number { $0.limits.maxMemory = $1 },
        number { $0.limits.ringSize = $1 },
        text { $0.output.columns.append($1) },
        number { $0.running.count = $1 },
    ]

    private static func text(_ set: @escaping @Sendable (inout EventArguments, String) -> Void) -> ValueOption {
        ValueOption { command, value in
            set(&command, value)
            return true
        }
    }

    /// Without long lists: the time of libpcap's optimizer grows with the square of their length, to milliseconds soon.
    private static func packet(
        _ set: @escaping @Sendable (inout EventArguments, String) -> Void
    ) -> ValueOption {
        text { if $1.count(where: { $0 == "," }) < 4 { set(&$0, $1) } }
    }

    /// Without regular expressions: the library's parser would take half of the time, and `selection` covers them.
    private static func tracer(
        _ set: @escaping @Sendable (inout EventArguments, String) -> Void
    ) -> ValueOption {
        text { if !$1.contains("/") { set(&$0, $1) } }
    }

    private static func number<Number: ExpressibleByArgument>(
        _ set: @escaping @Sendable (inout EventArguments, Number) -> Void
    ) -> ValueOption {
        ValueOption { command, value in
            guard let number = Number(argument: value) else { return false }
            set(&command, number)
            return true
        }
    }
}
