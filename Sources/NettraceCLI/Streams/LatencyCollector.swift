import Analysis
import Events
import Pipeline
import Rendering
import Text

/// Measures every packet, and prints the result at the end.
struct LatencyCollector: ContextRenderer {
    private var measurement: LatencyMeasurement
    private let json: Bool

    init(_ measurement: LatencyMeasurement, json: Bool) {
        self.measurement = measurement
        self.json = json
    }

    mutating func render(_ context: FinishedContext, _ ending: ContextEnding, into buffer: inout ByteBuffer) {
        measurement.add(context)
    }

    mutating func render(_ verdict: VerdictTally.Entry, into buffer: inout ByteBuffer) {}
    mutating func renderEndOfContext(into buffer: inout ByteBuffer) {}

    mutating func renderUntracked(_ event: EventView, into buffer: inout ByteBuffer) {}

    mutating func renderEnd(into buffer: inout ByteBuffer) {
        if json {
            LatencyRenderer().renderJSON(measurement, into: &buffer)
        } else {
            LatencyRenderer().renderText(measurement, into: &buffer)
        }
    }
}
