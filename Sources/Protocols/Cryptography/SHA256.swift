/// SHA-256 (FIPS 180-4), and HMAC (RFC 2104) and HKDF (RFC 5869) with it: for fingerprints of TLS and for the first
/// packets of QUIC, whose keys everyone can derive.
enum SHA256 {
    private static let constants: [UInt32] = {
        // The fractional parts of the cube roots of the first 64 primes.
        primes(64).map { prime in fraction(of: prime, power: 3) }
    }()

    private static let start: [UInt32] = primes(8).map { prime in fraction(of: prime, power: 2) }

    static func hash(_ message: [UInt8]) -> [UInt8] {
        var bytes = message + [0x80]
        while bytes.count % 64 != 56 { bytes.append(0) }
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: (UInt64(message.count) &* 8) >> shift))
        }
        var state = start
        for block in stride(from: 0, to: bytes.count, by: 64) { compress(bytes[block..<block + 64], &state) }
        return state.flatMap { word in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) } }
    }

    private static func compress(_ block: ArraySlice<UInt8>, _ state: inout [UInt32]) {
        var words: [UInt32] = []
        words.reserveCapacity(64)
        for offset in stride(from: block.startIndex, to: block.endIndex, by: 4) {
            words.append(block[offset..<offset + 4].reduce(0) { $0 << 8 | UInt32($1) })
        }
        for index in 16..<64 {
            let (early, late) = (words[index - 15], words[index - 2])
            let first = rotate(early, 7) ^ rotate(early, 18) ^ early >> 3
            let second = rotate(late, 17) ^ rotate(late, 19) ^ late >> 10
            words.append(words[index - 16] &+ first &+ words[index - 7] &+ second)
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for index in 0..<64 {
            let choice = e & f ^ ~e & g
            let one = h &+ (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) &+ choice &+ constants[index] &+ words[index]
            let two = (rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) &+ (a & b ^ a & c ^ b & c)
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ one, c, b, a, one &+ two)
        }
        for (index, value) in [a, b, c, d, e, f, g, h].enumerated() { state[index] &+= value }
    }

    static func hmac(key: [UInt8], _ message: [UInt8]) -> [UInt8] {
        let short = key.count > 64 ? hash(key) : key
        let block = short + [UInt8](repeating: 0, count: 64 - short.count)
        return hash(block.map { $0 ^ 0x5c } + hash(block.map { $0 ^ 0x36 } + message))
    }

    /// HKDF-Expand-Label of TLS 1.3 (RFC 8446, section 7.1), of at most 32 bytes.
    static func expand(_ secret: [UInt8], label: String, count: Int) -> [UInt8] {
        let name = Array("tls13 ".utf8) + Array(label.utf8)
        let information = [UInt8(0), UInt8(count), UInt8(name.count)] + name + [0, 1]
        return Array(hmac(key: secret, information).prefix(count))
    }

    private static func rotate(_ word: UInt32, _ count: UInt32) -> UInt32 { word >> count | word << (32 - count) }

    private static func primes(_ count: Int) -> [UInt64] {
        var primes: [UInt64] = []
        var candidate: UInt64 = 2
        while primes.count < count {
            if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
            candidate += 1
        }
        return primes
    }

    /// The first 32 bits of the fraction of the square or cube root, by bisection in whole numbers.
    private static func fraction(of number: UInt64, power: Int) -> UInt32 {
        // root × 2³² is the largest number whose power is not above number × 2^(32 × power).
        let target = UInt128(number) << UInt128(32 * power)
        var low: UInt128 = 0
        var high: UInt128 = 1 << 38
        while high - low > 1 {
            let middle = (low + high) / 2
            let value = power == 2 ? middle * middle : middle * middle * middle
            if value <= target { low = middle } else { high = middle }
        }
        return UInt32(truncatingIfNeeded: low)
    }
}
