import ArgumentParser
import Rendering
import Testing

@testable import NettraceCLI

@Suite struct LossWatchTests {
    @Test func tellsAtOnceAndThenOnceASecond() {
        var watch = LossWatch()
        #expect(watch.notice(lost: 0, now: 0) == nil)
        #expect(watch.notice(lost: 5, now: 10)?.events == 5)
        #expect(watch.notice(lost: 9, now: 999_999_999) == nil)
        let second = watch.notice(lost: 12, now: 1_000_000_010)
        #expect(second?.events == 7 && second?.total == 12)
        #expect(watch.notice(lost: 12, now: 9_000_000_000) == nil)
    }
}

@Suite struct RingSizeTests {
    @Test(arguments: ["0", "-4", "15", "8", "4095", "2097152", "99999999999", "x", ""])
    func refuses(_ size: String) {
        #expect(throws: (any Error).self) { try LimitArguments.parse(["--ring-size=" + size]) }
    }

    @Test(arguments: [(16, 16384), (4096, 4 << 20), (1 << 20, 1 << 30)])
    func takesPowersOfTwo(_ kibibytes: Int, _ bytes: UInt32) throws {
        #expect(try LimitArguments.parse(["--ring-size", String(kibibytes)]).ringBytes == bytes)
    }
}

@Suite struct PrintableTextTests {
    @Test func whatActsOnATerminalIsSpelledOut() {
        #expect(
            PrintableText.escaped("a\u{1b}[2J\u{9b}\u{7f}\r\u{202e}b") == "a\\u{1b}[2J\\u{9b}\\u{7f}\\u{d}\\u{202e}b")
    }

    @Test func argumentsInMessagesAreOnOneLineAndCut() {
        let long = String(repeating: "x", count: 100_000)
        let quoted = QuotedArguments(["-i", "a\nb", "ip,\(long),tcp", "--mark=1\n", "\n", "short"])
        #expect(quoted.fitted(into: "no 'a\nb'\nshort") == "no 'a\\u{a}b'\nshort")
        #expect(quoted.fitted(into: "mark '1\n'\n") == "mark '1\\u{a}'\n")
        #expect(quoted.fitted(into: "'\n'\n\n") == "'\\u{a}'\n\n")
        let cut = quoted.fitted(into: "no tracer '\(long)'")
        #expect(cut.count < 250 && cut.hasSuffix("xxx (100000 characters)'"))
    }

    @Test func ordinaryTextStays() {
        #expect(PrintableText.escaped("größe → 3\nwei\tter".replacing("\t", with: " ")) == "größe → 3\nwei ter")
    }
}
