import CNettraceBPF
import Testing

@testable import KernelAccess

@Suite struct TCPConfigurationTests {
    private func written(_ configuration: TCPConfiguration) -> nt_tcp_config {
        var config = nt_tcp_config()
        configuration.write(to: &config)
        return config
    }

    @Test func roundTripsAreToldWhatToCount() {
        let config = written(TCPConfiguration(.init(dimensions: 0x11, samples: .last, minimum: 250)))
        #expect(config.mode == NT_TCP_RTT.rawValue)
        #expect(config.dimensions == 0x11 && config.samples == NT_RTT_LAST.rawValue && config.min_rtt == 250)
        #expect(written(TCPConfiguration(.init(dimensions: 1))).samples == NT_RTT_EVERY.rawValue)
        #expect(written(TCPConfiguration(.init(dimensions: 1, samples: .first))).samples == NT_RTT_FIRST.rawValue)
    }

    @Test func aSummaryKeepsConnections() {
        #expect(written(TCPConfiguration()).mode == NT_TCP_SUMMARY.rawValue)
    }
}
