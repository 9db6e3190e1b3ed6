import ArgumentParser
import Events
import Testing

@testable import NettraceCLI

@Suite struct ConnectionArgumentsTests {
    private func command<Command: ParsableCommand>(_ type: Command.Type, _ arguments: [String]) throws -> Command {
        try #require(try Nettrace.parseAsRoot(Spelling(arguments).arguments) as? Command)
    }

    @Test(
        arguments: [
            (["--rtt"], 1), (["--rtt", "2.5", "port", "80"], 2.5), (["--rtt-detail"], 1),
            (["--rtt", "7", "--rtt-detail"], 7),
            (["table", "rtt"], 1), (["table", "rtt", "--every", "9"], 9),
        ] as [([String], Double)])
    func theIntervalOfRoundTripTimes(arguments: [String], seconds: Double) throws {
        let times = try command(RoundTripTableCommand.self, arguments).times
        #expect(times.every == seconds)
        #expect(times.histogram == arguments.contains("--rtt-detail"))
    }

    @Test(
        arguments: [(["--tcp-summary"], 0), (["--tcp-summary", "3"], 3), (["table", "connections"], 0)]
            as [([String], Double)])
    func theIntervalOfConnections(arguments: [String], seconds: Double) throws {
        #expect(try command(ConnectionTableCommand.self, arguments).every == seconds)
    }

    @Test func dimensions() throws {
        #expect(try command(RoundTripTableCommand.self, ["--rtt"]).times.dimensions() == [.raddr, .service])
        let given = try command(RoundTripTableCommand.self, ["--rtt", "--by", "lport, raddr", "--by", "lport"])
        #expect(try given.times.dimensions() == [.lport, .raddr])
    }

    @Test(arguments: [
        (["--rtt", "0"], "from 0.1 to 86400"), (["--tcp-summary", "0.01"], "from 0.1 to 86400"),
        (["--rtt", "nan"], "from 0.1 to 86400"), (["--rtt-first"], "needs --rtt"), (["--rtt-last"], "needs --rtt"),
        (["--min-rtt", "5"], "needs --rtt"), (["--rtt", "--rtt-first", "--rtt-last"], "choose one"),
        (["--rtt", "--tcp-summary"], "Unknown option '--tcp-summary'"), (["--sort", "max"], "--sort is for tables"),
        (["--rtt", "--sort", "retrans"], "valid names are samples, min"),
        (["--tcp-summary", "--sort", "p99"], "valid names are bytes, sent"),
        (["--rtt", "--by", "reason"], "valid names are raddr, rport"), (["--rtt", "--by", ","], "at least one column"),
        (["--tcp-summary", "--by", "raddr"], "Unknown option '--by'"),
        (["--tcp-summary", "-c", "3"], "a number of seconds"),
        (["--top", "3"], "--top is for tables"), (["--by", "raddr"], "--by is for tables"),
        (["--rtt", "--tcp-flags", "S"], "excludes --tcp-flags"), (["--rtt", "--inner"], "excludes --inner"),
        (["--rtt", "-i", "lo"], "excludes --interface"), (["--rtt", "--mark", "1"], "excludes --mark"),
        (["--tcp-summary", "--len", "64"], "excludes --len"), (["--rtt", "-p", "tcp,udp"], "excludes -p udp"),
        (["--rtt", "--drop"], "'--drop'"), (["--rtt", "--monitor"], "'--monitor'"),
        (["--rtt", "-t", "ip_rcv"], "'-t'"), (["--rtt", "--tracer-exclude", "ip"], "'--tracer-exclude'"),
        (["--rtt", "--backend", "kprobe"], "'--backend'"), (["--rtt", "--diag"], "'--diag'"),
        (["--rtt", "--timeline"], "'--timeline'"), (["--rtt", "--ret"], "'--ret'"),
        (["--rtt", "--stack"], "'--stack'"),
        (["--rtt", "--caller"], "'--caller'"), (["--rtt", "--detail"], "'--detail'"),
        (["--rtt", "--date"], "'--date'"),
        (["--rtt", "-o", "pid"], "'-o'"), (["--tcp-summary", "-w", "f"], "'-w'"),
        (["--tcp-summary", "-r", "f"], "'-r'"),
    ])
    func contradictions(arguments: [String], words: String) {
        let text = refusal(arguments)
        #expect(text.contains(words))
        if words.hasPrefix("'") { #expect(text.contains("is the command 'nettrace table")) }
    }

    @Test(arguments: [
        ["--rtt", "--rtt-detail", "--rtt-first", "--min-rtt", "9", "--by", "raddr", "--sort", "p99", "--top", "3"],
        ["--rtt", "-c", "2", "--json", "--pid", "7", "--netns", "current", "-P", "80", "-p", "tcp"],
        ["--tcp-summary", "--json", "--top", "9", "--sort", "retrans", "tcp", "port", "80"],
    ])
    func whatGoesTogether(arguments: [String]) throws {
        _ = try Nettrace.parseAsRoot(Spelling(arguments).arguments)
    }
}
