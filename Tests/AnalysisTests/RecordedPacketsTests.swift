import Events
import PacketAgreement
import Protocols
import Recording
import SystemPackage
import Testing

/// `Packet` of recorded packets against the tables of fields (see also AgreementTests of Protocols).
@Suite struct RecordedPacketsTests {
    @Test(arguments: ["guest-6.1", "guest-7.2", "loopback", "sockets", "stack", "calls"])
    func recordedPacketsAgreeWithTheirFields(_ name: String) throws {
        let folder = FilePath(#filePath).removingLastComponent().removingLastComponent().appending("Golden")
        var reader = try RecordingReader(RecordingFile.open(folder.appending(name + ".ntr")))
        var comparison = PacketComparison(isStrict: true)
        var count = 0
        while let item = try reader.next() {
            guard case .record(let bytes) = item else { continue }
            // Consecutive records are of the same packet.
            count += 1
            guard count <= 300 || count % 20 == 0 else { continue }
            let record = bytes.withUnsafeBytes { Array($0) }
            guard let event = EventView(record.span.bytes), let packet = event.packet, event.etherType != 0 else {
                continue
            }
            let tag = event.vlanTag.map { VLANTag(etherType: $0.etherType, tci: $0.tci) }
            comparison.compare(
                packet.bytes,
                PacketLayout(
                    startsAtLink: event.flags.contains(.link), networkOffset: PacketSection.networkOffset,
                    etherType: event.etherType, vlanTag: tag))
            if comparison.differences.count > 5 { break }
        }
        #expect(comparison.differences == [])
        #expect(comparison.compared > 10)
    }
}
