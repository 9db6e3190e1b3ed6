import ArgumentParser

/// Sends a fixed number of packets between two network namespaces, for comparisons of tracers; starts no tracer itself.
struct LoadCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load",
        abstract: "Sends packets between two network namespaces and prints what one of them takes.",
        discussion: """
            An exchange is a message of 64 bytes and another one back, the next begins when both have arrived. Prints \
            'load.packet', the processor time of this process per packet: sender, network and receiver are all in it, \
            and whatever a tracer does to them.
            """)

    @Argument(help: "udp or tcp.")
    var transport: Channel.Transport

    @Option(help: "Namespace of the client, as named by ip-netns(8).")
    var client: String

    @Option(help: "Namespace of the server.")
    var server: String

    @Option(help: "IPv4 address of the server.")
    var address: String

    @Option(help: "Exchanges; a prime shows figures that divide by it to be packets.")
    var exchanges = 1009

    @Option(help: "Port of the server.")
    var port: UInt16 = 4000

    @Option(help: "Another port of the server's, for each so many-th exchange.")
    var rarePort: UInt16 = 4001

    @Option(help: "How many-th; 0: none.")
    var rareEvery = 0

    func validate() throws {
        guard exchanges > 0, rareEvery >= 0 else { throw ValidationError("--exchanges must be at least 1") }
        guard port != rarePort else { throw ValidationError("--port and --rare-port must differ") }
    }

    func run() throws {
        let ends = Channel.Ends(client: client, server: server, address: address)
        let common = try Channel(transport, between: ends, port: port)
        let rare = try Channel(transport, between: ends, port: rarePort)
        var failed = false
        let time = processorNanoseconds {
            for number in 1...exchanges {
                let isRare = rareEvery > 0 && number % rareEvery == 0
                guard isRare ? rare.exchange() : common.exchange() else {
                    failed = true
                    return
                }
            }
        }
        guard !failed else { throw BenchmarkError(failed: "send a message from \(client) to \(server) and back") }
        Figures.print("load.packet", time / Double(2 * exchanges), "ns")
    }
}

extension Channel.Transport: ExpressibleByArgument {}
