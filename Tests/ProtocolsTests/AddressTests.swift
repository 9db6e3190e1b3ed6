import Glibc
import Protocols
import Testing

/// The parser and the printer against those of the C library.
@Suite struct AddressTests {
    private static let texts = [
        "10.0.0.1", "255.255.255.255", "0.0.0.0", "256.0.0.1", "1.2.3", "1.2.3.4.5", "01.2.3.4", "+1.2.3.4", "1.2.3.4 ",
        "1..2.3", ".1.2.3", "", " ", "::", "::1", "1::", "1::2", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::",
        "::2:3:4:5:6:7:8",
        "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7", "1::2::3", ":::", ":1", "1:", "1:::2", "12345::", "+1::", "g::",
        "fe80::1%eth0",
        "::ffff:10.0.0.1", "::10.0.0.1", "64:ff9b::10.0.0.1", "10.0.0.1::", "::10.0.0.1:1", "1:2:3:4:5:6:10.0.0.1",
        "1:2:3:4:5:6:7:10.0.0.1", "::ffff:10.0.0.256", "FE80::A", "2001:DB8::", "0:0:0:0:0:0:0:0", "::0:0",
        "1:0:0:2:0:0:0:3",
        "1:0:0:2:3:0:0:4", "0:0:1::", ":", "::1:", "0x1::", "1::0001", "1::00001", "٣::",
    ]

    @Test(arguments: texts)
    func parsesAsTheCLibraryDoes(_ text: String) {
        let isIPv6 = text.utf8.contains(UInt8(ascii: ":"))
        var bytes = [UInt8](repeating: 0, count: isIPv6 ? 16 : 4)
        let isAddress = inet_pton(isIPv6 ? AF_INET6 : AF_INET, text, &bytes) == 1
        #expect(IPAddress(text)?.bytes == (isAddress ? bytes : nil))
    }

    @Test func printsAsTheCLibraryDoes() {
        var state: UInt64 = 7
        for round in 0..<20_000 {
            var bytes: [UInt8] = []
            for _ in 0..<16 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes.append(state >> 60 < 9 ? 0 : UInt8(truncatingIfNeeded: state >> 40))
            }
            // glibc prints ::a.b.c.d for addresses that RFC 5952 would print with colons.
            if bytes[..<12].allSatisfy({ $0 == 0 }) { continue }
            let isIPv6 = round % 8 != 0
            let value = bytes.prefix(isIPv6 ? 16 : 4)
            var text = [CChar](repeating: 0, count: 64)
            #expect(inet_ntop(isIPv6 ? AF_INET6 : AF_INET, Array(value), &text, 64) != nil)
            let expected = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let address = IPAddress(bits: value.reduce(0) { $0 << 8 | UInt128($1) }, isIPv6: isIPv6)
            #expect(address.text == expected)
            #expect(IPAddress(expected) == address)
            #expect(address.bytes == Array(value))
        }
        #expect(IPAddress("::ffff:10.0.0.1")?.text == "::ffff:10.0.0.1")
        #expect(IPAddress("0:0:0:0:0:0:0:0")?.text == "::")
        #expect(IPAddress("::1")?.text == "::1")
    }

    @Test func linkAddresses() {
        #expect(MACAddress("02:00:00:00:00:0a")?.bits == 0x0200_0000_000a)
        #expect(MACAddress("8:0:69:2:c:a7")?.text == "08:00:69:02:0c:a7")
        for text in ["", "02:00:00:00:00", "02:00:00:00:00:00:00", "+2:00:00:00:00:00", "g:0:0:0:0:0", "002:0:0:0:0:0"]
        {
            #expect(MACAddress(text) == nil)
        }
    }

    @Test func networksAndKinds() {
        func isIn(_ address: String, _ network: String, _ length: Int) -> Bool? {
            guard let address = IPAddress(address), let network = IPAddress(network) else { return nil }
            return address.isIn(network, length: length)
        }
        #expect(isIn("10.1.2.3", "10.1.0.0", 16) == true)
        #expect(isIn("10.2.2.3", "10.1.0.0", 16) == false)
        #expect(isIn("10.2.2.3", "10.2.2.2", 31) == true)
        #expect(isIn("1.2.3.4", "9.9.9.9", 0) == true)
        #expect(isIn("::1", "0.0.0.0", 0) == false)
        #expect(isIn("2001:db8::1", "2001:db8::", 32) == true)
        #expect(isIn("2001:db8::1", "2001:db8::2", 127) == false)
        #expect(isIn("ffff::", "::", 0) == true)
        #expect(IPAddress("224.0.0.1")?.isMulticast == true && IPAddress("223.0.0.1")?.isMulticast == false)
        #expect(IPAddress("ff02::1")?.isMulticast == true && IPAddress("fe80::1")?.isMulticast == false)
        #expect(IPAddress("127.1.2.3")?.isLoopback == true && IPAddress("::1")?.isLoopback == true)
        #expect(IPAddress("fe80::1")?.isLinkLocal == true && IPAddress("febf::1")?.isLinkLocal == true)
        #expect(IPAddress("fec0::1")?.isLinkLocal == false && IPAddress("169.254.0.1")?.isLinkLocal == false)
        #expect(IPAddress("128.0.0.1")?.isLoopback == false && IPAddress("::2")?.isLoopback == false)
    }
}
