import SystemPackage
import Testing

@testable import Recording

@Suite struct DamageTests {
    private let whole = makeRecording()
    private var expected: Contents { Contents(whole) }

    /// Parts of the written contents may be missing, but nothing else may be there.
    private func isPart(_ contents: Contents) -> Bool {
        isSubsequence(contents.records, of: expected.records)
            && (contents.header == nil || contents.header == expected.header)
            && contents.symbols.allSatisfy(expected.symbols.contains)
    }

    /// The contents of a truncated recording must be a prefix of the written ones.
    private func isBeginning(_ contents: Contents) -> Bool {
        (contents.header == nil || contents.header == expected.header)
            && expected.records.starts(with: contents.records) && expected.symbols.starts(with: contents.symbols)
    }

    @Test func cutAnywhereGivesTheBeginningAndAnError() {
        var reached = Set<Int>()
        for length in 0..<whole.count {
            let contents = Contents(Array(whole.prefix(length)))
            #expect(isBeginning(contents), "cut to \(length) bytes")
            #expect(contents.error != nil, "cut to \(length) bytes")
            reached.insert(contents.records.count)
        }
        #expect(reached == [0, 1, 2, 3], "all records before the cut are read")
    }

    /// A table and three records in separate blocks: damage to one loses none of the others.
    @Test func whatIsWholeBehindDamageIsRead() throws {
        var encoder = RecordingEncoder(makeHeader())
        var starts: [Int] = []
        for number in 1...3 {
            if number == 1 { encoder.append(symbol) }
            encoder.closeBlocks()
            starts.append(encoder.output.count)
            _ = encoder.append(record: makeRecord(number).span.bytes)
        }
        encoder.finish(accounting)
        let whole = encoder.output
        for (damaged, start) in starts.enumerated() {
            let others = (1...3).filter { $0 != damaged + 1 }.map { makeRecord($0) }
            // The block's type, its size, its checksums, and its payload.
            for place in [0, 4, 6, 8, 12, 16, 30] {
                var bytes = whole
                bytes[start + place] ^= 0x40
                let contents = Contents(bytes)
                #expect(contents.records == others, "byte \(place) of block \(damaged)")
                #expect(contents.symbols == [symbol] && contents.accounting == accounting)
                #expect(contents.error == .damaged(.checksum, offset: UInt64(start), records: 2))
            }
        }
    }

    @Test func aPieceThatIsMissingCostsNoMoreThanItself() {
        let records = (0..<20_000).map { makeRecord($0, size: 64) }
        let whole = makeRecording(records)
        var bytes = whole
        for place in 500_000..<600_000 { bytes[place] = 0 }
        let contents = Contents(bytes)
        #expect(contents.accounting == accounting && contents.error != nil)
        #expect(isSubsequence(contents.records, of: records) && contents.records.count > 10_000)
    }

    private func isSubsequence(_ part: [[UInt8]], of whole: [[UInt8]]) -> Bool {
        var rest = whole[...]
        return part.allSatisfy { record in
            guard let place = rest.firstIndex(of: record) else { return false }
            rest = rest[(place + 1)...]
            return true
        }
    }

    @Test func everyFlippedBitIsFound() {
        for place in whole.indices {
            for bit in 0..<8 {
                var bytes = whole
                bytes[place] ^= 1 << bit
                let contents = Contents(bytes)
                #expect(contents.error != nil, "bit \(bit) of byte \(place)")
                #expect(isPart(contents), "bit \(bit) of byte \(place)")
            }
        }
    }

    @Test func theMessageSaysWhatWhereAndHowMuchWasRead() {
        let cut = Contents(Array(whole.dropLast(3)))
        guard case .damaged(.truncated, let offset, 3) = cut.error else {
            Issue.record("\(String(describing: cut.error))")
            return
        }
        #expect(
            cut.error?.description == "cut off in the middle of a block (at byte \(offset)); all that is whole was read"
        )
        let end = Contents(Array(whole.prefix(Int(offset))))
        #expect(end.error == .damaged(.unfinished, offset: offset, records: 3))
    }

    @Test func whatIsNoRecordingIsSaidSo() {
        #expect(Contents([]).error == .empty)
        #expect(Contents(Array("hello".utf8)).error == .notARecording)
        #expect(Contents([0xd4, 0xc3, 0xb2, 0xa1] + .init(repeating: 0, count: 100)).error == .notARecording)
        #expect("\(RecordingError.notARecording)" == "not a nettrace recording; was it written with -w?")
        #expect(Contents(Array(whole.prefix(5))).error == .damaged(.truncated, offset: 0, records: 0))
    }

    @Test func anotherMajorVersionIsRefusedAndALaterMinorOneRead() {
        #expect(Contents(RawRecording(major: 2, minor: 7).bytes).error == .unsupportedVersion(major: 2, minor: 7))
        #expect("\(RecordingError.unsupportedVersion(major: 2, minor: 7))".hasSuffix("or one that is newer"))
        #expect(Contents(RawRecording(minor: 9).bytes).error == nil)
    }

    @Test func blocksOfUnknownTypesAreSkipped() {
        var recording = RawRecording(finished: false)
        recording.append(99, [1, 2, 3])
        recording.append(0, [])
        recording.append(BlockType.accounting.rawValue, RawRecording.account)
        recording.append(UInt32.max, .init(repeating: 1, count: 1000))
        let contents = Contents(recording.bytes)
        #expect(contents.error == nil)
        #expect(contents.accounting?.matched == 10)
    }

    @Test func blocksOutOfPlaceAreDamage() {
        for type in [BlockType.description, .hooks, .dropReasons] {
            var recording = RawRecording(finished: false)
            recording.append(type.rawValue, [])
            #expect(Contents(recording.bytes).error?.isDamage == true, "\(type)")
        }
        var recording = RawRecording()
        recording.append(BlockType.records.rawValue, [1, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0])
        #expect(Contents(recording.bytes).error?.isDamage == true)
        #expect(Contents(recording.bytes).records.isEmpty)
    }

    @Test func aBlockThatWasMovedIsFound() {
        var recording = RawRecording(finished: false)
        let start = recording.bytes.count
        recording.append(99, .init(repeating: 0, count: 8))
        recording.append(99, .init(repeating: 0, count: 8))
        let size = (recording.bytes.count - start) / 2
        var gap = recording.bytes
        gap.removeSubrange(start..<start + size)
        #expect(Contents(gap).error == .damaged(.checksum, offset: UInt64(start), records: 0))
    }

    @Test func foreignByteOrderIsRefused() {
        #expect(Contents(RawRecording(mark: BlockFormat.byteOrderMark.byteSwapped).bytes).error == .foreignByteOrder)
        #expect(Contents(RawRecording(mark: 7).bytes).error?.isDamage == true)
    }

    @Test(arguments: [
        [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0, 1, 0, 0, 0], [8, 0, 0, 0, 1, 0, 0, 0],
        [1, 2, 3],
        [8, 0, 0, 0, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0, 0],
    ])
    func lyingRunsGiveNoRecords(payload: [UInt8]) {
        var recording = RawRecording(finished: false)
        recording.append(BlockType.records.rawValue, payload)
        let contents = Contents(recording.bytes)
        #expect(contents.records.isEmpty)
        #expect(contents.error?.isDamage == true)
    }

    @Test func sizesBeyondTheLimitsAreRefused() {
        var recording = RawRecording(finished: false)
        recording.append(99, .init(repeating: 0, count: BlockFormat.maximumPayload + 8))
        #expect(Contents(recording.bytes).error?.isDamage == true)

        var tables = RawRecording(finished: false)
        // 1 MiB of symbols with empty text.
        let symbols = [UInt8](repeating: 0, count: 12 * 87381)
        for _ in 0..<33 { tables.append(BlockType.symbols.rawValue, symbols) }
        #expect("\(Contents(tables.bytes).error.map { "\($0)" } ?? "")".contains("tables of more than 32 MiB"))
    }

    @Test func readErrorsAreNotMistakenForTheEnd() {
        struct Failing: ByteSource {
            mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(Errno) -> Int { throw .ioError }
        }
        #expect(Contents(source: Failing()).error == .cannotRead(.ioError))
    }

    @Test func layoutsAreComparedUpToTheShorterOne() {
        let ours = makeHeader().layout
        var longer = ours
        longer.parts.append(.init(name: "s", size: 8))
        var other = ours
        other.parts[1].size = 64
        #expect(ours.firstDifference(from: longer) == nil && longer.firstDifference(from: ours) == nil)
        #expect(ours.firstDifference(from: ours) == nil)
        #expect(ours.firstDifference(from: other)?.other == other.parts[1])
        #expect(ours.firstDifference(from: RecordLayout([]))?.own == ours.parts[0])
    }
}
