import Glibc

/// Which clock text lines show.
public enum TimeStyle: Sendable {
    /// Seconds and microseconds since boot (CLOCK_MONOTONIC), as in `463697.331957`.
    case monotonic
    /// Date and time of day in the time zone of the process, as in `2026-11-21 03:12:45.123456`.
    case localDate
    /// The same in UTC.
    case utcDate
}

/// Date and time of day down to the second, kept for the events of the same second.
struct DateText {
    private let separator: UInt8
    private let isLocal: Bool
    private var second: Int64 = .min
    private var cached: [UInt8] = []

    init(separator: UInt8, isLocal: Bool) {
        self.separator = separator
        self.isLocal = isLocal
    }

    /// Appends e.g. `2026-11-21 03:12:45` and returns the nanoseconds left.
    /// `realtime`: nanoseconds of CLOCK_REALTIME.
    mutating func append(_ realtime: Int64, to buffer: inout ByteBuffer) -> UInt64 {
        var (second, nanoseconds) = realtime.quotientAndRemainder(dividingBy: 1_000_000_000)
        if nanoseconds < 0 {
            second -= 1
            nanoseconds += 1_000_000_000
        }
        if second != self.second {
            refresh(second)
        }
        buffer.append(cached.span.bytes)
        return UInt64(nanoseconds)
    }

    private mutating func refresh(_ second: Int64) {
        self.second = second
        var time = time_t(second)
        var parts = tm()
        _ = isLocal ? localtime_r(&time, &parts) : gmtime_r(&time, &parts)
        var text = ByteBuffer(capacity: 64)
        text.appendDecimal(UInt64(clamping: Int(parts.tm_year) + 1900), width: 4)
        text.append(UInt8(ascii: "-"))
        text.appendTwoDigits(parts.tm_mon + 1)
        text.append(UInt8(ascii: "-"))
        text.appendTwoDigits(parts.tm_mday)
        text.append(separator)
        text.appendTwoDigits(parts.tm_hour)
        text.append(UInt8(ascii: ":"))
        text.appendTwoDigits(parts.tm_min)
        text.append(UInt8(ascii: ":"))
        text.appendTwoDigits(parts.tm_sec)
        cached = text.withUnsafeBytes(Array.init)
    }
}

extension ByteBuffer {
    fileprivate mutating func appendTwoDigits(_ value: Int32) {
        appendDecimal(UInt64(clamping: value), width: 2)
    }
}
