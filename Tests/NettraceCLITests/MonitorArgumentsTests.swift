import ArgumentParser
import Rendering
import Testing

@testable import NettraceCLI

@Suite struct MonitorArgumentsTests {
    private func parse(_ arguments: [String]) throws -> EventsRequest {
        let command = try Nettrace.parseAsRoot(Spelling(arguments).arguments)
        return try #require((command as? TraceCommand)?.request ?? (command as? ReadCommand)?.request)
    }

    @Test func whatSockMeansDependsOnWhatIsWatched() throws {
        #expect(try parse(["--sock"]).mode == .sockets)
        #expect(try parse(["--sock", "--json", "-c", "5", "--pid", "1", "tcp", "port", "80"]).mode == .sockets)
        #expect(try parse(["--sock", "--stack", "--tracer-exclude", "tcp_close"]).mode == .sockets)
        #expect(try parse([]).mode == .packets)
        #expect(try parse(["--monitor"]).mode == .monitor)
        let packets = [
            ["-t", "ip"], ["--timeline"], ["--follow"], ["--latency"], ["--skb-mode"], ["--graph"], ["--ret"],
            ["--diag"],
            ["--drop"], ["-r", "x"],
        ]
        for arguments in packets {
            #expect(try parse(["--sock"] + arguments).mode == .packets)
            #expect(try parse(["--sock"] + arguments).output.outputColumns() == .socket)
        }
    }

    @Test func limits() throws {
        #expect(try parse(["--monitor"]).monitoring.limit() == 100)
        #expect(try parse(["--sock"]).monitoring.limit() == nil)
        #expect(try parse(["--sock", "--rate-limit", "5"]).monitoring.limit() == 5)
        #expect(try parse(["--drop", "--rate-limit", "50/s"]).monitoring.limit() == 50)
        #expect(try parse(["--monitor", "--rate-limit", "1000000/s"]).monitoring.limit() == 1_000_000)
    }

    @Test(arguments: [
        (["--monitor", "--rate-limit", "0"], "from 1 to 1000000"), (["--monitor", "--rate-limit", "5/m"], "50/s"),
        (["--monitor", "--rate-limit", "-1"], "--rate-limit"), (["--monitor", "--rate-limit=/s"], "from 1"),
        (["--rate-limit", "5"], "--monitor, --sock or --drop"),
        (["--drop", "--summary", "--rate-limit", "5"], "Unknown option '--rate-limit'"),
        (["--sock", "-t", "ip", "--rate-limit", "5"], "--rate-limit is for events"),
        (["--sock", "--tcp-flags", "S"], "--sock excludes --tcp-flags"),
        (["--sock", "-i", "lo"], "--sock excludes -i"),
        (["--sock", "--mark", "1"], "--sock excludes --mark"), (["--sock", "--len", "1"], "--sock excludes --len"),
        (["--sock", "-o", "pid"], "--sock excludes -o"), (["--sock", "--detail"], "--sock excludes --detail"),
        (["--sock", "--caller"], "give --stack"), (["--monitor", "-t", "ip"], "--monitor excludes -t"),
        (["--monitor", "--sock"], "--monitor excludes --sock"), (["--monitor", "--drop"], "shows drops anyway"),
        (["--monitor", "--diag"], "--monitor excludes --diag"), (["--monitor", "--timeline"], "views of packets"),
        (["--monitor", "--ret"], "--monitor excludes --ret"),
    ])
    func mistakesAreNamed(_ arguments: [String], _ words: String) {
        #expect(refusal(arguments).contains(words))
    }
}
