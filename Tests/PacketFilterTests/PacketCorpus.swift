/// A generator of repeatable random numbers: SplitMix64 (Steele, Lea, Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// Ethernet frames that fit the expressions of the corpus: their headers contain the tested addresses, protocols and
/// ports often enough that both results occur.
enum PacketCorpus {
    static func frames(_ count: Int, using random: inout SeededGenerator) -> [[UInt8]] {
        (0..<count).map { _ in frame(using: &random) }
    }

    private static func frame(using random: inout SeededGenerator) -> [UInt8] {
        var bytes = mac(&random) + mac(&random)
        if Int.random(in: 0..<6, using: &random) == 0 {
            bytes += [0x81, 0x00, 0x00, UInt8.random(in: 4...6, using: &random)]
        }
        switch Int.random(in: 0..<12, using: &random) {
        case 0: bytes += (0..<Int.random(in: 2...80, using: &random)).map { _ in .random(in: 0...255, using: &random) }
        case 1: bytes += [0x08, 0x06] + arp(&random)
        case 2...7: bytes += [0x08, 0x00] + ipv4(&random)
        default: bytes += [0x86, 0xdd] + ipv6(&random)
        }
        // Broken packets: truncated, or with one byte changed.
        if Int.random(in: 0..<5, using: &random) == 0 {
            bytes.removeLast(Int.random(in: 0...max(0, bytes.count - 14), using: &random))
        }
        if Int.random(in: 0..<5, using: &random) == 0 {
            bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
        }
        return bytes
    }

    private static func mac(_ random: inout SeededGenerator) -> [UInt8] {
        [[2, 0, 0, 0, 0, 1], [2, 0, 0, 0, 0, 2], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff]].randomElement(using: &random)!
    }

    private static func address4(_ random: inout SeededGenerator) -> [UInt8] {
        [[10, 0, 0, 8], [10, 0, 0, 9], [192, 168, 1, 1], [224, 0, 0, 1], [127, 0, 0, 1]].randomElement(using: &random)!
    }

    private static func address6(_ random: inout SeededGenerator) -> [UInt8] {
        [0x20, 0x01, 0x0d, 0xb8] + Array(repeating: 0, count: 11) + [UInt8.random(in: 1...3, using: &random)]
    }

    private static func arp(_ random: inout SeededGenerator) -> [UInt8] {
        [0, 1, 8, 0, 6, 4, 0, .random(in: 1...2, using: &random)] + mac(&random) + address4(&random)
            + mac(&random) + address4(&random)
    }

    private static func ipv4(_ random: inout SeededGenerator) -> [UInt8] {
        let words = Int.random(in: 0..<3, using: &random) == 0 ? Int.random(in: 4...15, using: &random) : 5
        let next = [1, 2, 6, 6, 6, 17, 17, 47, 50, 132].randomElement(using: &random)!
        let fragment: [UInt8] = [[0, 0], [0x40, 0], [0x20, 0], [0x00, 0xb9]].randomElement(using: &random)!
        let payload = transport(next, &random)
        let length = UInt16(words * 4 + payload.count)
        let options = (0..<max(0, words - 5) * 4).map { _ in UInt8.random(in: 0...255, using: &random) }
        return [0x40 | UInt8(words), 0, UInt8(length >> 8), UInt8(length & 0xff), 0, 7] + fragment
            + [64, UInt8(next), 0, 0] + address4(&random) + address4(&random) + options + payload
    }

    private static func ipv6(_ random: inout SeededGenerator) -> [UInt8] {
        let next = [6, 6, 17, 58, 132, 47].randomElement(using: &random)!
        let hasFragment = Int.random(in: 0..<6, using: &random) == 0
        let payload = (hasFragment ? [UInt8(next), 0, 0, 1, 0, 0, 0, 9] : []) + transport(next, &random)
        let length = [UInt8(payload.count >> 8), UInt8(payload.count & 0xff)]
        return [0x60, 0, 0, 0] + length + [hasFragment ? 44 : UInt8(next), 64]
            + address6(&random) + address6(&random) + payload
    }

    private static func transport(_ next: Int, _ random: inout SeededGenerator) -> [UInt8] {
        func port() -> [UInt8] {
            let port = [53, 80, 443, 8080, 8999, 40000].randomElement(using: &random)!
            return [UInt8(port >> 8), UInt8(port & 0xff)]
        }
        let data = (0..<Int.random(in: 0...160, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
        switch next {
        case 6:
            let flags = UInt8.random(in: 0...255, using: &random)
            return port() + port() + [0, 0, 0, 1, 0, 0, 0, 2, 0x50, flags, 1, 0, 0, 0, 0, 0] + data
        case 1: return [[8, 0, 3, 11].randomElement(using: &random)!, 0, 0, 0, 0, 1, 0, 1] + data
        case 58: return [[128, 129, 135, 1].randomElement(using: &random)!, 0, 0, 0, 0, 1, 0, 1] + data
        default: return port() + port() + [0, UInt8(8 + min(data.count, 200)), 0, 0] + data
        }
    }
}
