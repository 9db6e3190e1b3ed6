import FoundationEssentials
import Glibc
import Testing

@testable import ScenarioRunner

@Suite struct WaitingTests {
    /// A name may contain text that looks like its end.
    @Test(arguments: [
        ("7 (sh) S 1 7 7 0 -1 4194304 1 2 3 4 50 60 7 8 20 0 1 0 9", pid_t(7), false),
        ("8 (a) R (b) R 1 5 7 0 -1 0 1 2 3 4 1 0 7 8 20 0", 5, true),
        ("8 (nft) D 1 5 7 0 -1 0 1 2 3 4 1 0 7 8 20 0", 5, true),
    ])
    func readsWhatTheKernelSaysOfAProcess(stat: String, group: pid_t, isAtWork: Bool) throws {
        let state = try #require(ProcessState(stat))
        #expect(state.group == group && state.isAtWork == isAtWork)
    }

    @Test func aProcessThatIsGoneSaysNothing() {
        #expect(ProcessState("") == nil)
    }

    private func process(_ script: String) throws -> ChildProcess {
        let output = "\(FileManager.default.temporaryDirectory.path)/nettrace-waiting-\(script.hashValue)"
        return try ChildProcess(script: script, output: output, environment: ["PATH": "/usr/bin:/bin"])
    }

    /// Regardless of how long it takes until they sleep.
    @Test func processesThatSleepAreSilent() throws {
        let sleeper = try process("sleep 600 & wait")
        var silence = UnansweredRequest(of: [sleeper], seconds: 0.3)
        while !silence.lasts() { usleep(10_000) }
        sleeper.destroy()
        unlink(sleeper.stdout)
        unlink(sleeper.stderr)
    }

    @Test func aChildAtWorkIsNotSilence() throws {
        let worker = try process("(while :; do :; done) & wait")
        while contents(of: "/proc/\(worker.group)/task/\(worker.group)/children").isEmpty { usleep(10_000) }
        var silence = UnansweredRequest(of: [worker], seconds: 0.3)
        for _ in 0..<100 {
            let lasts = silence.lasts()
            #expect(!lasts)
            usleep(10_000)
        }
        worker.destroy()
        unlink(worker.stdout)
        unlink(worker.stderr)
    }
}

@Suite struct PlaceTests {
    private func place(_ text: String) throws -> Scenario.Place {
        try JSONDecoder().decode(
            Scenario.self, from: Data(#"{"name": "a", "description": "b", "command": "-c 1"\#(text)}"#.utf8)
        ).place
    }

    @Test func isEverywhereUnlessTheFileSaysOnce() throws {
        #expect(try place("") == .everywhere)
        #expect(try place(#", "where": "once""#) == .once)
        #expect(try place(#", "where": "here""#) == .here)
        #expect(throws: (any Error).self) { try place(#", "where": "there""#) }
    }

    /// The guests' parts cover everything, each exactly once.
    @Test func partsMakeAWhole() throws {
        let parts = try ["1/3", "2/3", "3/3"].map { try #require(Arguments.Part($0)) }
        for index in 0..<10 { #expect(parts.count { $0.contains(index) } == 1) }
        let arguments = try #require(Arguments(["--nettrace", "n", "--once", "2/3", "Scenarios"]))
        #expect(arguments.once == .part(parts[1]) && arguments.folders.map(\.part) == [.whole])
        let first = try #require(Arguments(["--nettrace", "n", "--once", "none", "Scenarios"]))
        #expect(first.once == .none)
        #expect((Arguments(["--nettrace", "n", "--once", "some", "Scenarios"]) == nil))
    }
}
