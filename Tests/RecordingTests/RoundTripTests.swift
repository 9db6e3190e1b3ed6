import SystemPackage
import Testing

@testable import Recording

@Suite struct RoundTripTests {
    @Test func stepsOfTheClockComeBeforeTheRecordsThatKnowThem() {
        let steps = [RecordedClockStep(since: 7, offset: -3), RecordedClockStep(since: .max, offset: .min)]
        var encoder = RecordingEncoder(makeHeader())
        for step in steps { encoder.append(step) }
        _ = encoder.append(record: makeRecord(1).span.bytes)
        encoder.finish(accounting)
        let contents = Contents(encoder.output)
        #expect(contents.clockSteps == steps && contents.records.count == 1 && contents.error == nil)
    }

    @Test func givesBackAllThatWasWritten() {
        let records = [makeRecord(1), makeRecord(2), makeRecord(3, size: 13)]
        let contents = Contents(makeRecording(records))
        #expect(contents.error == nil)
        #expect(contents.header == makeHeader())
        #expect(contents.records == records)
        #expect(contents.symbols == [symbol])
        #expect(contents.socketOwners == [socketOwner])
        #expect(contents.cgroups == [cgroup])
        #expect(contents.accounting == accounting)
    }

    /// Enough records to fill several blocks, of varying sizes that need padding.
    @Test func manyRecordsKeepTheirOrderAndTheirBytes() {
        var random = SeededGenerator(state: 1)
        let records = (0..<5000).map { makeRecord($0, size: $0 % 7 == 0 ? .random(in: 1...300, using: &random) : 184) }
        let contents = Contents(makeRecording(records))
        #expect(contents.error == nil)
        #expect(contents.records == records)
    }

    @Test func tablesLargerThanABlockAreSplit() {
        var header = makeHeader(hooks: 65536)
        header.dropReasons = Dictionary(uniqueKeysWithValues: (0..<9000).map { (UInt32($0), "REASON_\($0)") })
        var encoder = RecordingEncoder(header)
        encoder.finish(accounting)
        #expect(encoder.output.count > BlockFormat.maximumPayload)
        #expect(Contents(encoder.output).header == header)
    }

    @Test func nothingButAnAccount() {
        var header = makeHeader(hooks: 0)
        header.dropReasons = [:]
        var encoder = RecordingEncoder(header)
        encoder.finish(accounting)
        let contents = Contents(encoder.output)
        #expect(contents.error == nil)
        #expect(contents.header == header)
        #expect(contents.accounting == accounting)
    }

    @Test func recordsAreAligned() throws {
        var reader = try RecordingReader(MemorySource(makeRecording()))
        while let item = try reader.next() {
            guard case .record(let record) = item else { continue }
            #expect(record.withUnsafeBytes { UInt(bitPattern: $0.baseAddress) } % 8 == 0)
        }
    }

    /// As a pipe may deliver the bytes.
    @Test func aSourceThatGivesAByteAtATime() {
        struct Trickle: ByteSource {
            var source: MemorySource
            mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int {
                try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer.prefix(1)))
            }
        }
        #expect(Contents(source: Trickle(source: MemorySource(makeRecording()))) == Contents(makeRecording()))
    }

    @Test func longTextsAreCutAndHugeRecordsRefused() {
        var header = makeHeader()
        header.commandLine = .init(repeating: .init(repeating: "x", count: 5000), count: 300)
        var encoder = RecordingEncoder(header)
        let largest = [UInt8](repeating: 7, count: BlockFormat.maximumPayload - 8)
        var accepted: [Int] = []
        for record in [largest + [7], [], largest] where encoder.append(record: record.span.bytes) {
            accepted.append(record.count)
        }
        #expect(accepted == [largest.count])
        encoder.finish(accounting)
        let contents = Contents(encoder.output)
        #expect(contents.error == nil)
        #expect(contents.records == [largest])
        #expect(contents.header?.commandLine.count == 200)
        #expect(contents.header?.commandLine.first?.utf8.count == 4096)
    }

    /// The check value of CRC-32C, and the examples of RFC 3720, appendix B.4.
    @Test func checksumIsCRC32C() {
        #expect(Checksum(Array("123456789".utf8).span.bytes).value == 0xe306_9283)
        #expect(Checksum([UInt8](repeating: 0, count: 32).span.bytes).value == 0x8a91_36aa)
        #expect(Checksum([UInt8](repeating: 0xff, count: 32).span.bytes).value == 0x62a8_ab43)
        #expect(Checksum([UInt8](0..<32).span.bytes).value == 0x46dd_794e)
    }

    @Test func whatEveryFunctionReturnsIsKept() {
        var header = makeHeader(hooks: 40_000)
        for hook in header.hooks.indices {
            header.hooks[hook].returns = RecordedReturn(kind: .enumeration, enumeration: UInt32(hook % 300))
        }
        header.enumerations = (0..<300).map { number in
            RecordedEnumeration(
                name: "e\(number)", bits: 8, isSigned: false,
                names: Dictionary(uniqueKeysWithValues: (0..<100).map { (UInt64($0), "NAME_\($0)") }))
        }
        var encoder = RecordingEncoder(header)
        encoder.finish(accounting)
        #expect(encoder.output.count > BlockFormat.maximumPayload)
        #expect(Contents(encoder.output).header == header)
    }

    @Test func anEnumWithoutEndIsCut() throws {
        var header = makeHeader()
        header.enumerations[0].names = Dictionary(uniqueKeysWithValues: (0..<40_000).map { (UInt64($0), "NAME_\($0)") })
        var encoder = RecordingEncoder(header)
        encoder.finish(accounting)
        let contents = Contents(encoder.output)
        #expect(contents.error == nil)
        let names = try #require(contents.header?.enumerations.first?.names)
        #expect(names.count > 1000 && names.count < 40_000)
        #expect(names.allSatisfy { $0.value == "NAME_\($0.key)" })
    }
}
