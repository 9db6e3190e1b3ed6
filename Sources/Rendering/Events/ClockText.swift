import Text

/// The time of an event in the style that was asked for.
struct ClockText {
    private let isMonotonic: Bool
    private let wallClock: WallClock
    private var date: DateText

    init(_ style: TimeStyle, _ names: NameTable) {
        isMonotonic = style == .monotonic
        wallClock = names.wallClock
        date = DateText(separator: UInt8(ascii: " "), isLocal: style == .localDate)
    }

    /// Appends `463697.331957`. `timestamp`: nanoseconds of CLOCK_MONOTONIC.
    mutating func append(_ timestamp: UInt64, to buffer: inout ByteBuffer) {
        let nanoseconds: UInt64
        if isMonotonic {
            let (seconds, rest) = timestamp.quotientAndRemainder(dividingBy: 1_000_000_000)
            buffer.appendDecimal(seconds)
            nanoseconds = rest
        } else {
            nanoseconds = date.append(
                Int64(truncatingIfNeeded: timestamp) &+ wallClock.offset(at: timestamp), to: &buffer)
        }
        buffer.append(UInt8(ascii: "."))
        buffer.appendDecimal(nanoseconds / 1000, width: 6)
    }
}
