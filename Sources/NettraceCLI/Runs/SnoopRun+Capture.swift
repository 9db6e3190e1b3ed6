import Capture
import CaptureFiles
import Glibc
import KernelAccess
import Snoop

extension SnoopRun {
    /// Milliseconds after which a stop signal takes effect that arrived while no packet did.
    private static let pause: Int32 = 100

    /// Captures packets of a device, or of all devices, until a signal, the time or the count ends it.
    mutating func capture(_ device: String?) throws {
        // Errors of the filter are reported before a device is opened.
        if device == nil { try filters.prepare(.linuxSLL2) } else { try filters.requireRead() }
        do {
            var source = try CaptureSource(captureSettings(device))
            // Decoders read what strangers send.
            try? Privileges.giveUp()
            try capture(from: &source) { _, _ in true }
        } catch let failure as CaptureFailure {
            throw RunError("\(failure)")
        }
    }

    /// - Parameter device: nil for all.
    func captureSettings(_ device: String?) -> CaptureSettings {
        var settings = CaptureSettings()
        settings.interface = device
        settings.isCooked = device == nil
        settings.isPromiscuous = true
        settings.snapLength = request.length ?? CaptureSettings.snapLimit
        if let limit = request.ringBytes { settings.ringBytes = limit }
        settings.prefilter = filters.prefilter(request)
        return settings
    }

    /// - Parameter others: prints packets that come from elsewhere. Returns false if the run ends.
    mutating func capture(
        from source: inout CaptureSource, others: (inout SnoopRun, inout Dissection) throws -> Bool
    ) throws {
        for interface in source.interfaces { try filters.prepare(interface.linkType) }
        announce()
        try output.flushUngrouped()
        let end = request.seconds.map { nanoseconds(of: CLOCK_MONOTONIC) + Int64($0 * 1e9) }
        var dissection = request.dissection
        var isEnding = false
        var trouble: (any Error)?
        do {
            while true {
                let left = end.map { $0 - nanoseconds(of: CLOCK_MONOTONIC) } ?? .max
                if !isEnding, StopSignals.received || left <= 0 {
                    source.stop()
                    isEnding = true
                }
                let wait = min(Int64(Self.pause), max(1, left / 1_000_000))
                if try source.next(waiting: Int32(wait)) {
                    guard try accept(source.packet.view, source.interfaces, &dissection) else { break }
                    guard source.isDrained else { continue }
                } else if isEnding {
                    break
                }
                guard try others(&self, &dissection) else { break }
                lost = try source.counts().lost
                try output.flushUngrouped()
                if output.isClosed { break }
            }
        } catch {
            trouble = error
        }
        let counts = try? source.counts()
        try self.end(received: counts?.received ?? 0, dropped: counts?.lost ?? lost)
        if let trouble { throw trouble }
    }
}
