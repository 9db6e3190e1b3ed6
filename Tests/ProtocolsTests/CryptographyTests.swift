@testable import Protocols
import Testing

/// The examples of the standards.
@Suite struct CryptographyTests {
    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private func bytes(_ hex: String) -> [UInt8] {
        var digits = hex.utf8.makeIterator()
        var bytes: [UInt8] = []
        while let high = digits.next(), let low = digits.next() {
            bytes.append(UInt8(String(decoding: [high, low], as: UTF8.self), radix: 16) ?? 0)
        }
        return bytes
    }

    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func sha256(_ text: String, _ digest: String) {
        #expect(hex(SHA256.hash(Array(text.utf8))) == digest)
    }

    @Test(arguments: [
        ("", "d41d8cd98f00b204e9800998ecf8427e"), ("abc", "900150983cd24fb0d6963f7d28e17f72"),
        (
            "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
            "57edf4a22be3c955ac49da2e2107b67a"
        ),
    ])
    func md5(_ text: String, _ digest: String) {
        #expect(hex(MD5.hash(Array(text.utf8))) == digest)
    }

    /// RFC 4231, test cases 2 and 6: a key longer than a block.
    @Test func hmac() {
        #expect(
            hex(SHA256.hmac(key: Array("Jefe".utf8), Array("what do ya want for nothing?".utf8)))
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
        #expect(
            hex(
                SHA256.hmac(
                    key: [UInt8](repeating: 0xaa, count: 131),
                    Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8)))
                == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
    }

    /// FIPS 197, appendix C.1.
    @Test func aes() {
        let cipher = AES128(key: (0..<16).map { UInt8($0) })
        #expect(
            hex(cipher.encrypt(bytes("00112233445566778899aabbccddeeff"))) == "69c4e0d86a7b0430d8cdb78070b4c55a")
    }

    /// RFC 9001, appendix A.1.
    @Test func keysOfQUIC() {
        let initial = SHA256.hmac(
            key: bytes("38762cf7f55934b34d179ae6a4c80cadccbb7f0a"), bytes("8394c8f03e515708"))
        let client = SHA256.expand(initial, label: "client in", count: 32)
        #expect(hex(client) == "c00cf151ca5be075ed0ebfb5c80323c42d6b7db67881289af4008f1f6c357aea")
        #expect(hex(SHA256.expand(client, label: "quic key", count: 16)) == "1f369613dd76d5467730efcbe3b1a22d")
        #expect(hex(SHA256.expand(client, label: "quic iv", count: 12)) == "fa044b2f42a3fd3b46fb255c")
        #expect(hex(SHA256.expand(client, label: "quic hp", count: 16)) == "9f50449e04a0e810283a1e9933adedd2")
    }
}
