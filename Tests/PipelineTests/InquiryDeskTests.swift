import Synchronization
import Testing

@testable import Diagnosis
@testable import Pipeline

/// Losses are judged on another thread than the one that reads events, and equal losses only once.
@Suite struct InquiryDeskTests {
    private let judge: Judge

    init() throws {
        judge = Judge(causes: try .embedded())
    }

    /// A datagram to a port without a listener.
    private func loss(port: UInt8, sourcePort: UInt8 = 1, identification: UInt8 = 0) throws -> Examination {
        var evidence = Evidence(event: 0, skb: 1)
        evidence.reason = "NO_SOCKET"
        evidence.function = "udp_unicast_rcv_skb"
        evidence.netns = 7
        evidence.etherType = 0x0800
        evidence.bytes =
            [0x45, 0, 0, 28, 0, identification, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2]
            + [0, sourcePort, 0, port, 0, 8, 0, 0]
        let (cause, proof) = judge.conclude(from: evidence)
        return Examination(
            losses: [
                .init(
                    own: Conclusion(evidence: evidence, cause: cause, proof: proof), isExpected: false, isMissed: false)
            ])
    }

    /// Counts the questions to the machine; its answer is the destination port.
    private final class Machine: Sendable {
        let questions = Mutex(0)
        let looks = Mutex(0)
        /// Locked while the machine is busy.
        let busy = Mutex(())

        func search() -> CulpritSearch {
            looks.withLock { $0 += 1 }
            return { evidence, _ in
                self.busy.withLock { _ in }
                self.questions.withLock { $0 += 1 }
                return CulpritFinding(.found(Culprit(kind: "socket", name: "port \(evidence.bytes[23])")))
            }
        }
    }

    private func culprit(_ inquiry: Inquiry?, of desk: InquiryDesk) throws -> String? {
        let inquiry = try #require(inquiry)
        while case .waiting = desk.outcome(of: inquiry) { desk.waitForNews(of: inquiry, until: .max / 2) }
        guard case .judged(let verdict?) = desk.outcome(of: inquiry), case .found(let culprit) = verdict.culprit else {
            return nil
        }
        return culprit.name
    }

    @Test func packetsThatAreAlikeShareAnInquiry() throws {
        let machine = Machine()
        let desk = InquiryDesk(judge: judge) { machine.search() }
        let now = monotonicTime()
        let first = try #require(desk.open(loss(port: 53), at: now))
        for identification in 1...200 {
            #expect(try desk.open(loss(port: 53, identification: UInt8(identification)), at: now) === first)
        }
        let other = try desk.open(loss(port: 54), at: now)
        #expect(other !== first)
        #expect(try culprit(first, of: desk) == "port 53" && culprit(other, of: desk) == "port 54")
        #expect(machine.questions.withLock(\.self) == 2)
        // Another source port is another flow, which a rule may treat differently.
        #expect(try desk.open(loss(port: 53, sourcePort: 2), at: now) !== first)
    }

    @Test func laterTheMachineIsAskedAgain() throws {
        let machine = Machine()
        let desk = InquiryDesk(judge: judge) { machine.search() }
        let first = try desk.open(loss(port: 53), at: monotonicTime())
        #expect(try culprit(first, of: desk) == "port 53")
        let soon = try desk.open(loss(port: 53), at: monotonicTime())
        let later = try desk.open(loss(port: 53), at: monotonicTime() + 60_000_000_000)
        #expect(later !== first)
        #expect(try culprit(later, of: desk) == "port 53" && culprit(soon, of: desk) == "port 53")
    }

    @Test func aBusyMachineHoldsNobodyUp() throws {
        let machine = Machine()
        let desk = InquiryDesk(judge: judge, capacity: 4) { machine.search() }
        let opened: [Inquiry?] = try machine.busy.withLock { _ in
            try (0..<100).map { port in try desk.open(loss(port: port), at: monotonicTime()) }
        }
        // The inquiry that the thread has taken is no longer waiting.
        let waiting = opened.compactMap(\.self)
        #expect(waiting.count >= 4 && waiting.count < 100)
        for inquiry in waiting { #expect(try culprit(inquiry, of: desk) != nil) }
    }

    @Test func aClosedDeskBeginsNothing() throws {
        let machine = Machine()
        let desk = InquiryDesk(judge: judge) { machine.search() }
        let inquiry = try machine.busy.withLock { _ in
            let inquiry = try #require(try desk.open(loss(port: 53), at: monotonicTime()))
            let before = monotonicTime()
            desk.waitForNews(of: inquiry, until: before + 20_000_000)
            #expect(monotonicTime() >= before + 20_000_000, "there is no news before the machine answers")
            desk.close()
            return inquiry
        }
        _ = inquiry
        #expect(try desk.open(loss(port: 54), at: monotonicTime()) == nil)
    }
}
