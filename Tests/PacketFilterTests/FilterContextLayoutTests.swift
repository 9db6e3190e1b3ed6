import CNettraceBPF
import Testing

@testable import PacketFilter

/// Compares the translator's offsets with the C struct that the BPF programs fill.
@Suite struct FilterContextLayoutTests {
    @Test func everyFieldLiesWhereTheHeaderPutsIt() {
        let fields: [(Int16, PartialKeyPath<nt_filter_ctx>)] = [
            (FilterContextLayout.l3Address, \.l3_address),
            (FilterContextLayout.l3Length, \.l3_len),
            (FilterContextLayout.l3Linear, \.l3_linear),
            (FilterContextLayout.captured, \.caplen),
            (FilterContextLayout.ethertype, \.protocol),
            (FilterContextLayout.hasEthernet, \.has_l2),
            (FilterContextLayout.data, \.data),
        ]
        for (offset, field) in fields {
            #expect(MemoryLayout<nt_filter_ctx>.offset(of: field) == Int(offset))
        }
        #expect(MemoryLayout<nt_filter_ctx>.size == FilterContextLayout.size)
        #expect(MemoryLayout.size(ofValue: nt_filter_ctx().data) == FilterContextLayout.dataSize)
        #expect(Int(NT_L2_LEN) == FilterContextLayout.ethernetLength)
    }

    @Test func headersAreAligned() {
        let l3 = Int(FilterContextLayout.data) + FilterContextLayout.ethernetLength
        #expect(l3.isMultiple(of: 8))
    }
}
