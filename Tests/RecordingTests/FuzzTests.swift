import Testing

@testable import Recording

/// Damage that the checksums do not find, because its author has recomputed them.
@Suite struct FuzzTests {
    @Test func forgedBlocksNeverTrap() {
        var random = SeededGenerator(state: 7)
        let payloads = Self.payloads(of: makeRecording())
        var outcomes = (read: 0, refused: 0)
        for _ in 0..<100_000 {
            let pick = payloads.randomElement(using: &random) ?? payloads[0]
            let payload = Self.mutated(pick.payload, using: &random)
            var forged = RawRecording(description: pick.type == .description ? payload : payloads[0].payload)
            if pick.type != .description { forged.append(pick.type.rawValue, payload) }
            let contents = Contents(forged.bytes)
            #expect(contents.records.count <= payload.count / 8)
            if contents.error == .none || contents.accounting != nil {
                outcomes.read += 1
            } else {
                outcomes.refused += 1
            }
        }
        #expect(outcomes.refused > 10_000)
    }

    @Test func arbitraryChangesNeverTrapAndNeverAddEvents() {
        var random = SeededGenerator(state: 8)
        let whole = makeRecording()
        var undamaged = 0
        for _ in 0..<120_000 {
            let bytes = Self.mutated(whole, using: &random)
            let contents = Contents(bytes)
            #expect(contents.records.count <= 3)
            if bytes != whole && contents.error == nil { undamaged += 1 }
        }
        #expect(undamaged == 0)
    }

    private static func payloads(of recording: [UInt8]) -> [(type: BlockType, payload: [UInt8])] {
        var found: [(BlockType, [UInt8])] = []
        guard var blocks = try? BlockReader(MemorySource(recording)) else { return [] }
        while let type = try? blocks.next() { found.append((type, blocks.payloadBytes.withUnsafeBytes(Array.init))) }
        return found
    }

    private static func mutated(_ bytes: [UInt8], using random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0...Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
            let place = Int.random(in: bytes.indices, using: &random)
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
            case 1: bytes[place] = .random(in: 0...255, using: &random)
            case 2: bytes.removeSubrange(place...)
            case 3: bytes.remove(at: place)
            case 4: bytes.insert(.random(in: 0...255, using: &random), at: place)
            default:
                // Typical bytes of lengths and counts.
                let end = min(place + 4, bytes.count)
                bytes.replaceSubrange(
                    place..<end, with: repeatElement(Bool.random(using: &random) ? 0xff : 0, count: end - place))
            }
        }
        return bytes
    }
}
