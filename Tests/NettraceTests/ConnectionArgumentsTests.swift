import ArgumentParser
import Events
import Testing

@testable import nettrace

@Suite struct ConnectionArgumentsTests {
    private func parse(_ arguments: String...) throws -> NettraceCommand {
        try NettraceCommand.parse(OptionalValues.completed(arguments))
    }

    private func seconds(_ arguments: String...) throws -> Double? {
        switch try NettraceCommand.parse(OptionalValues.completed(arguments)).connections.view {
        case .roundTrips(let seconds): seconds
        case .summary(let seconds): seconds.map { -$0 }
        case nil: .nan
        }
    }

    @Test func theIntervalMayBeLeftOut() throws {
        #expect(try seconds("--rtt") == 1)
        #expect(try seconds("--rtt", "2.5", "port", "80") == 2.5)
        #expect(try seconds("--rtt-detail") == 1)
        #expect(try seconds("--rtt", "7", "--rtt-detail") == 7)
        #expect(try seconds("--tcp-summary") == nil)
        #expect(try seconds("--tcp-summary", "3") == -3)
        #expect(try seconds("-p", "tcp")?.isNaN == true)
    }

    @Test func dimensions() throws {
        #expect(try ConnectionArguments.dimensions([]) == [.raddr, .service])
        #expect(try ConnectionArguments.dimensions(["lport, raddr", "lport"]) == [.lport, .raddr])
    }

    @Test(arguments: [
        (["--rtt", "0"], "from 0.1 to 86400"), (["--tcp-summary", "0.01"], "from 0.1 to 86400"),
        (["--rtt", "nan"], "from 0.1 to 86400"), (["--rtt-first"], "needs --rtt"), (["--rtt-last"], "needs --rtt"),
        (["--min-rtt", "5"], "needs --rtt"), (["--rtt", "--rtt-first", "--rtt-last"], "choose one"),
        (["--rtt", "--tcp-summary"], "choose one"), (["--sort", "max"], "--sort is for the tables"),
        (["--rtt", "--sort", "retrans"], "valid names are samples, min"),
        (["--tcp-summary", "--sort", "p99"], "valid names are bytes, sent"),
        (["--rtt", "--by", "reason"], "valid names are raddr, rport"), (["--rtt", "--by", ","], "at least one column"),
        (["--tcp-summary", "--by", "raddr"], "--sort orders them"),
        (["--tcp-summary", "-c", "3"], "a number of seconds"),
        (["--top", "3"], "--top is for tables"), (["--by", "raddr"], "--by is for tables"),
        (["--rtt", "--drop"], "excludes --drop"), (["--rtt", "--monitor"], "excludes --monitor"),
        (["--rtt", "--tcp-flags", "S"], "excludes --tcp-flags"),
        (["--rtt", "-i", "lo"], "excludes --interface"), (["--rtt", "--mark", "1"], "excludes --mark"),
        (["--tcp-summary", "--len", "64"], "excludes --len"), (["--rtt", "-p", "tcp,udp"], "excludes -p udp"),
        (["--rtt", "-t", "ip_rcv"], "excludes -t"), (["--rtt", "--tracer-exclude", "ip"], "excludes --tracer-exclude"),
        (["--rtt", "--backend", "kprobe"], "excludes --backend"), (["--rtt", "--diag"], "excludes --diag"),
        (["--rtt", "--timeline"], "excludes --timeline"), (["--rtt", "--ret"], "excludes --ret"),
        (["--rtt", "--stack"], "excludes --stack"), (["--rtt", "--caller"], "excludes --caller"),
        (["--rtt", "--detail"], "excludes --detail"), (["--rtt", "--date"], "excludes --date"),
        (["--rtt", "-o", "pid"], "excludes -o"), (["--tcp-summary", "-w", "f"], "excludes --write"),
        (["--tcp-summary", "-r", "f"], "excludes --read"),
    ])
    func contradictions(arguments: [String], words: String) {
        do {
            _ = try NettraceCommand.parse(OptionalValues.completed(arguments))
            Issue.record("accepted \(arguments)")
        } catch {
            #expect(NettraceCommand.message(for: error).contains(words))
            #expect(NettraceCommand.exitCode(for: error) == .validationFailure)
        }
    }

    @Test func whatGoesTogether() throws {
        _ = try parse(
            "--rtt", "--rtt-detail", "--rtt-first", "--min-rtt", "9", "--by", "raddr", "--sort", "p99", "--top", "3")
        _ = try parse("--rtt", "-c", "2", "--json", "--pid", "7", "--netns", "current", "-P", "80", "-p", "tcp")
        _ = try parse("--tcp-summary", "--json", "--top", "9", "--sort", "retrans", "tcp", "port", "80")
    }
}
