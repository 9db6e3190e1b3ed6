import Testing

@testable import Culprits

@Suite struct SegmentSignatureTests {
    private func segment(_ options: [UInt8]) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 40)
        bytes[0] = 0x45
        bytes[9] = 6
        bytes[32] = UInt8((20 + options.count) / 4) << 4
        return bytes + options
    }

    private let signature: [UInt8] = [19, 18] + [UInt8](repeating: 7, count: 16)

    @Test func theOptionIsFoundBehindOthers() {
        #expect(SegmentSignature.isSigned(segment([2, 4, 5, 180, 1, 1] + signature), isIPv6: false) == true)
        #expect(SegmentSignature.isSigned(segment([2, 4, 5, 180, 0, 19, 0, 0]), isIPv6: false) == false)
        #expect(SegmentSignature.isSigned(segment([]), isIPv6: false) == false)
    }

    @Test func brokenAndMissingOptionsSayNothing() {
        #expect(SegmentSignature.isSigned(segment([5, 0, 0, 0]), isIPv6: false) == nil)
        #expect(SegmentSignature.isSigned(Array(segment([1, 1, 1, 1]).dropLast()), isIPv6: false) == nil)
        #expect(SegmentSignature.isSigned([], isIPv6: true) == nil)
    }

    @Test func aKeyIsForItsPeers() {
        let sockets = "LISTEN 0 8 0.0.0.0:4000 0.0.0.0:*\n\t cubic cwnd:10 md5keys:10.0.0.1/32=a,10.1.0.0/16=b"
        func isDemanded(of source: String, by text: String) -> Bool {
            SegmentSignature.isDemanded(of: source, by: SocketOutput(text).sockets)
        }
        #expect(isDemanded(of: "10.0.0.1", by: sockets))
        #expect(isDemanded(of: "10.1.2.3", by: sockets))
        #expect(!isDemanded(of: "10.0.0.2", by: sockets))
        #expect(!isDemanded(of: "10.0.0.1", by: "LISTEN 0 8 0.0.0.0:4000 0.0.0.0:*"))
    }
}
