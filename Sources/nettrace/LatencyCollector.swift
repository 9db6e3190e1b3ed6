import Analysis
import Diagnosis
import Events
import Rendering

/// Measures every packet and shows nothing before the end.
struct LatencyCollector: ContextRenderer {
    private var measurement: LatencyMeasurement
    private let json: Bool

    init(_ measurement: LatencyMeasurement, json: Bool) {
        self.measurement = measurement
        self.json = json
    }

    mutating func render(_ context: FinishedContext, _ verdict: Verdict?, into buffer: inout ByteBuffer) {
        measurement.add(context)
    }

    mutating func renderUntracked(_ event: EventView, into buffer: inout ByteBuffer) {}

    mutating func renderEnd(into buffer: inout ByteBuffer) {
        if json {
            LatencyRenderer().renderJSON(measurement, into: &buffer)
        } else {
            LatencyRenderer().renderText(measurement, into: &buffer)
        }
    }
}
