import FilterInterpreter
import Testing

@testable import PacketFilter

/// Long lists of addresses and ports give the same results as short ones.
@Suite struct FilterListsTests {
    private typealias Build = PacketBuilder

    @Test func fromSeventeenOnValuesAreLookedUp() throws {
        var options = FilterOptions()
        options.addresses = [(1...16).map { "10.0.0.\($0)" }.joined(separator: ",")]
        #expect(try TranslatedFilter(options)?.lists.isEmpty == true)
        options.addresses.append("2001:db8::/32")
        let filter = try #require(try TranslatedFilter(options))
        #expect(filter.instructions.isEmpty)
        #expect(filter.lists.addressKeys.keys.count == 17)
        #expect(!filter.lists.addressKeys.areSingle)
        options.protocols = ["tcp"]
        #expect(try TranslatedFilter(options)?.instructions.isEmpty == false)
    }

    /// The same option as an expression and as a list, on packets of all kinds.
    @Test func aListGivesTheAnswersOfTheExpression() throws {
        let addresses = ["10.0.0.8", "192.168.0.0/16", "2001:db8::1", "2001:db8::2/127", "127.0.0.1"]
        let ports = ["53", "8000-9000", "443"]
        // Values that no packet of the corpus has make the list long.
        let moreAddresses = addresses + (1...20).map { "172.16.5.\($0)" }
        let morePorts = ports + (1...20).map { "\(20000 + $0)" }
        let changes: [((inout FilterOptions, [String], [String]) -> Void)] = [
            {
                $0.sources = $1; _ = $2
            },
            {
                $0.destinations = $1; _ = $2
            },
            {
                $0.addresses = $1; _ = $2
            },
            {
                _ = $1; $0.sourcePorts = $2
            },
            {
                _ = $1; $0.destinationPorts = $2
            },
            {
                _ = $1; $0.ports = $2
            },
            {
                $0.sources = $1; $0.ports = $2; $0.expressions = ["tcp or udp"]
            },
        ]
        var random = SeededGenerator(seed: 7)
        // For a frame that is cut inside of its addresses or ports, an expression's result depends on the order of its
        // alternatives.
        let frames = PacketCorpus.frames(4000, using: &random).filter { $0.count >= 90 }
        try #require(frames.count > 400)
        for (index, change) in changes.enumerated() {
            var short = FilterOptions()
            change(&short, addresses, ports)
            var long = FilterOptions()
            change(&long, moreAddresses, morePorts)
            let expression = ViewRun(try #require(try TranslatedFilter(short)))
            let list = try #require(try TranslatedFilter(long))
            #expect(!list.lists.isEmpty)
            let kernel = ViewRun(list)
            let replay = try #require(try ReplayFilter(long))
            var matched = 0
            for frame in frames {
                let packet = ExtendedInterpreter.Packet(
                    linear: Array(frame[14...]), length: frame.count - 14,
                    ethertype: UInt16(frame[12]) << 8 | UInt16(frame[13]), ethernet: Array(frame[..<14]))
                let expected = try expression.matches(packet)
                #expect(try kernel.matches(packet) == expected, "\(index): \(frame)")
                #expect(replay.matches(packet) == expected, "\(index): \(frame)")
                matched += expected ? 1 : 0
            }
            #expect(matched > 20 && matched < frames.count - 20, "\(index): \(matched)")
        }
    }

    @Test func tenThousandAddressesArePreparedAtOnce() throws {
        var options = FilterOptions()
        options.addresses = [
            (0..<10000).map { "10.\($0 / 65536).\($0 / 256 % 256).\($0 % 256)" }.joined(separator: ",")
        ]
        let filter = try #require(try TranslatedFilter(options))
        #expect(filter.lists.addressKeys.keys.count == 10000)
        #expect(filter.lists.addressKeys.areSingle)
        let run = try #require(try ReplayFilter(options))
        func matches(_ last: UInt8, _ second: UInt8) -> Bool {
            let bytes = Build.ipv4([10, second, 39, last], [1, 1, 1, 1], 6, Build.tcp(1, 2))
            return run.matches(.init(linear: bytes, length: bytes.count, ethertype: 0x0800, ethernet: nil))
        }
        #expect(matches(15, 0))
        #expect(!matches(16, 0))
        #expect(!matches(15, 1))
    }

    @Test func anErrorNamesTheValueOfAList() {
        var options = FilterOptions()
        options.addresses = (1...30).map { "10.0.0.\($0)" } + ["10.0.0.300"]
        #expect(throws: FilterError.self) { try TranslatedFilter(options) }
        options.addresses = (1...30).map { "10.0.0.\($0)" } + ["localhost"]
        #expect((try? TranslatedFilter(options))??.lists.networks.keys.contains { $0.text == "127.0.0.1" } == true)
    }

    @Test(arguments: [" or host ", " || host ", "||host "])
    func tooManyConditionsAreRefusedAtOnce(joint: String) {
        let expression = "host " + (0..<1000).map { "10.0.\($0 / 250).\($0 % 250)" }.joined(separator: joint)
        var options = FilterOptions()
        options.expressions = [expression]
        #expect(throws: FilterError.tooManyConditions(expression: expression, count: 1000)) {
            try TranslatedFilter(options)
        }
    }
}
