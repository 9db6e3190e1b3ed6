import Protocols
import Testing

@testable import NameLookup

/// A server's message to a query: its question, then the answers.
func reply(to query: [UInt8], code: UInt8 = 0, answers: [[UInt8]] = []) -> [UInt8] {
    var message = query
    message[2] = 0x81
    message[3] = 0x80 | code
    message[7] = UInt8(answers.count)
    return message + answers.joined()
}

/// An answer about the name of the question.
func record(type: UInt8, _ data: [UInt8], lifetime: UInt8 = 200) -> [UInt8] {
    [0xc0, 12, 0, type, 0, 1, 0, 0, 0, lifetime, 0, UInt8(data.count)] + data
}

func labels(_ name: String) -> [UInt8] {
    name.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
}

@Suite struct QuestionTests {
    private let address = IPAddress("10.0.0.7")!

    @Test func addressesAreNamesOfArpa() throws {
        #expect(DNSQuestion(.name(of: address)).domain == "7.0.0.10.in-addr.arpa")
        let six = try #require(IPAddress("2001:db8::1"))
        #expect(
            DNSQuestion(.name(of: six)).domain
                == "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa")
        let query = try #require(DNSQuestion(.addresses(of: "a.example", isIPv6: true)).query(id: 0x1234))
        #expect(query == [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0x61] + labels("example") + [0, 28, 0, 1])
        for wrong in ["", "a..b", String(repeating: "x", count: 64), String(repeating: "x.", count: 200)] {
            #expect(DNSQuestion(.addresses(of: wrong, isIPv6: false)).query(id: 1) == nil)
        }
    }

    @Test func answersAreRead() throws {
        let question = DNSQuestion(.name(of: address))
        let query = try #require(question.query(id: 9))
        let named = reply(to: query, answers: [record(type: 12, labels("jake.example"))])
        #expect(question.answer(named, id: 9) == .name("jake.example", lifetime: 200))
        // An alias before it, and a name with a pointer to the question.
        let alias = reply(to: query, answers: [record(type: 5, [0xc0, 12]), record(type: 12, [1, 0x78, 0xc0, 21])])
        #expect(question.answer(alias, id: 9) == .name("x.in-addr.arpa", lifetime: 200))
        #expect(question.answer(reply(to: query, code: 3), id: 9) == .nothing)
        #expect(question.answer(reply(to: query, code: 2), id: 9) == .failure)
        #expect(question.answer(reply(to: query), id: 9) == .nothing)
        let addresses = DNSQuestion(.addresses(of: "jake", isIPv6: false))
        let ask = try #require(addresses.query(id: 1))
        #expect(
            addresses.answer(reply(to: ask, answers: [record(type: 1, [10, 0, 0, 7])]), id: 1) == .addresses([address]))
    }

    /// Answers to other questions, and messages that only look like answers.
    @Test func forgeriesAreIgnored() throws {
        let question = DNSQuestion(.name(of: address))
        let query = try #require(question.query(id: 9))
        let other = try #require(DNSQuestion(.name(of: IPAddress("10.0.0.8")!)).query(id: 9))
        #expect(question.answer(query, id: 9) == nil)
        #expect(question.answer(reply(to: query), id: 10) == nil)
        #expect(question.answer(reply(to: other), id: 9) == nil)
        // Pointers that lead forward or to themselves, cut messages, and control characters.
        for data: [UInt8] in [[0xc0, 45], [0xc0, 0xff], [63], [3, 0x1b, 0x5b, 0x41, 0], [0]] {
            #expect(question.answer(reply(to: query, answers: [record(type: 12, data)]), id: 9) == .failure)
        }
        let whole = reply(to: query, answers: [record(type: 12, labels("jake.example"))])
        for count in 0..<whole.count {
            let answer = question.answer(Array(whole[..<count]), id: 9)
            #expect(answer == nil || answer == .failure)
        }
    }

    @Test func serversAreListed() {
        #expect(
            NameServers(configuration: "# x\nnameserver 10.0.0.1\nsearch a\nnameserver fe80::1%eth0\n").addresses.count
                == 2)
        #expect(NameServers(configuration: "").addresses == [IPAddress("127.0.0.1")!])
    }
}
