/// AES with a key of 128 bits (FIPS 197), only forwards: for the first packets of QUIC, whose keys everyone can derive.
/// The time that it takes depends on the data, so that it must not be used with a secret.
struct AES128 {
    private var roundKeys: [UInt8]

    private static let boxes: [UInt8] = {
        var boxes = [UInt8](repeating: 0, count: 256)
        var (power, inverse): (UInt8, UInt8) = (1, 1)
        repeat {
            // Times 3, and divided by 3.
            power ^= doubled(power)
            inverse ^= inverse << 1
            inverse ^= inverse << 2
            inverse ^= inverse << 4
            if inverse & 0x80 != 0 { inverse ^= 0x09 }
            let mixed =
                inverse ^ rotated(inverse, 1) ^ rotated(inverse, 2) ^ rotated(inverse, 3) ^ rotated(inverse, 4)
            boxes[Int(power)] = mixed ^ 0x63
        } while power != 1
        boxes[0] = 0x63
        return boxes
    }()

    private static func doubled(_ byte: UInt8) -> UInt8 { byte << 1 ^ (byte & 0x80 != 0 ? 0x1b : 0) }
    private static func rotated(_ byte: UInt8, _ count: UInt8) -> UInt8 { byte << count | byte >> (8 - count) }

    /// - Parameter key: 16 bytes.
    init(key: [UInt8]) {
        roundKeys = key
        var constant: UInt8 = 1
        while roundKeys.count < 176 {
            var word = Array(roundKeys.suffix(4))
            if roundKeys.count % 16 == 0 {
                word = [word[1], word[2], word[3], word[0]].map { Self.boxes[Int($0)] }
                word[0] ^= constant
                constant = Self.doubled(constant)
            }
            for index in 0..<4 { roundKeys.append(word[index] ^ roundKeys[roundKeys.count - 16]) }
        }
    }

    /// - Parameter block: 16 bytes.
    func encrypt(_ block: [UInt8]) -> [UInt8] {
        var state = block
        add(round: 0, to: &state)
        for round in 1...10 {
            // Substitution, and the shift of each row by its number.
            let old = state
            for index in 0..<16 { state[index] = Self.boxes[Int(old[(index + 4 * (index % 4)) % 16])] }
            if round < 10 { mixColumns(&state) }
            add(round: round, to: &state)
        }
        return state
    }

    private func add(round: Int, to state: inout [UInt8]) {
        for index in 0..<16 { state[index] ^= roundKeys[16 * round + index] }
    }

    private func mixColumns(_ state: inout [UInt8]) {
        for column in stride(from: 0, to: 16, by: 4) {
            let old = state[column..<column + 4].map { $0 }
            let all = old[0] ^ old[1] ^ old[2] ^ old[3]
            for row in 0..<4 { state[column + row] ^= all ^ Self.doubled(old[row] ^ old[(row + 1) % 4]) }
        }
    }

    /// Counter mode as in GCM (NIST SP 800-38D), whose first counter of data is 2. The tag is not checked.
    func decrypt(_ bytes: [UInt8], nonce: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let counter = UInt32(start / 16 + 2)
            let key = encrypt(nonce + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: counter >> UInt32($0)) })
            for index in start..<min(start + 16, bytes.count) { result.append(bytes[index] ^ key[index - start]) }
        }
        return result
    }
}
