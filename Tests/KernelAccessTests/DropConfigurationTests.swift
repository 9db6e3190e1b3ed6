import AttachPlanning
import CNettraceBPF
import Testing
import Tracers

@testable import KernelAccess

@Suite struct DropConfigurationTests {
    private func written(_ configuration: DropConfiguration, hook: PlannedHook? = nil) -> (nt_drop_config, [UInt64]) {
        var config = nt_drop_config()
        configuration.write(to: &config, tracepoint: hook)
        let words = withUnsafeBytes(of: config.ignored) { Array($0.bindMemory(to: UInt64.self)) }
        return (config, words)
    }

    /// The same as is_ignored_drop() of BPF/filter/drop_filter.h.
    private func ignores(_ words: [UInt64], _ reason: UInt32) -> Bool {
        let (subsystem, number) = (Int(reason >> 16), Int(reason & 0xffff))
        guard subsystem < 16, number < 256 else { return false }
        let bit = subsystem * 256 + number
        return words[bit / 64] >> UInt64(bit % 64) & 1 == 1
    }

    @Test func bitsAreThoseOfTheReasons() {
        let wanted: Set<UInt32> = [0, 1, 63, 64, 127, 255, 0x1_0000, 0x3_0007, 0xf_00ff]
        var configuration = DropConfiguration()
        for reason in wanted {
            let isTaken = configuration.ignore(reason)
            #expect(isTaken)
        }
        let (config, words) = written(configuration)
        #expect(config.ignores == 1)
        for subsystem: UInt32 in 0..<20 {
            for number: UInt32 in 0..<300 {
                let reason = subsystem << 16 | number
                #expect(ignores(words, reason) == wanted.contains(reason))
            }
        }
    }

    @Test func whatCannotBeToldApartIsRefused() {
        var configuration = DropConfiguration()
        for reason: UInt32 in [256, 0xffff, 0x10_0000, 0xffff_0000, .max] {
            let isTaken = configuration.ignore(reason)
            #expect(!isTaken)
        }
        #expect(written(configuration).0.ignores == 0)
        #expect(written(configuration).1.allSatisfy { $0 == 0 })
    }

    @Test func theCookieIsForTheProgramThatCounts() {
        let hook = PlannedHook(
            tracer: "skb:kfree_skb", group: "drop", kernelName: "kfree_skb", kind: .tracepoint, method: .tracepoint,
            arguments: HookArguments(skb: 1, sock: 4, reason: 3, location: 2), role: .aside)
        var configuration = DropConfiguration()
        #expect(written(configuration, hook: hook).0.cookie == 0)
        configuration.summary = .init(dimensions: 0x1ff)
        let (config, _) = written(configuration, hook: hook)
        #expect(config.dimensions == 0x1ff)
        #expect(config.cookie >> UInt64(NT_COOKIE_REASON_SHIFT) & 0xf == 3)
        #expect(config.cookie >> UInt64(NT_COOKIE_LOCATION_SHIFT) & 0xf == 2)
        #expect(config.cookie >> UInt64(NT_COOKIE_SOCK_SHIFT) & 0xf == 4)
    }
}
