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
public struct DateText {
    private let separator: UInt8
    private let isLocal: Bool
    private let hasDate: Bool
    @usableFromInline var second: Int64 = .min
    @usableFromInline var cached: [UInt8] = []

    /// - Parameter hasDate: false for the time of day alone.
    public init(separator: UInt8, isLocal: Bool, hasDate: Bool = true) {
        self.separator = separator
        self.isLocal = isLocal
        self.hasDate = hasDate
    }

    /// Appends e.g. `2026-11-21 03:12:45` and returns the nanoseconds left.
    /// `realtime`: nanoseconds of CLOCK_REALTIME.
    @inlinable
    public mutating func append(_ realtime: Int64, to buffer: inout ByteBuffer) -> UInt64 {
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

    @usableFromInline
    mutating func refresh(_ second: Int64) {
        self.second = second
        var time = time_t(second)
        var parts = tm()
        _ = isLocal ? localtime_r(&time, &parts) : gmtime_r(&time, &parts)
        // In place: events around the turn of a second come in any order, and each turn ends up here.
        cached.removeAll(keepingCapacity: true)
        if hasDate {
            append(Int(parts.tm_year) + 1900, digits: 4)
            cached.append(UInt8(ascii: "-"))
            append(Int(parts.tm_mon) + 1, digits: 2)
            cached.append(UInt8(ascii: "-"))
            append(Int(parts.tm_mday), digits: 2)
            cached.append(separator)
        }
        append(Int(parts.tm_hour), digits: 2)
        cached.append(UInt8(ascii: ":"))
        append(Int(parts.tm_min), digits: 2)
        cached.append(UInt8(ascii: ":"))
        append(Int(parts.tm_sec), digits: 2)
    }

    /// The lowest digits, with zeros in front.
    private mutating func append(_ number: Int, digits: Int) {
        let start = cached.count
        cached.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: digits))
        var rest = max(number, 0)
        for place in (start..<cached.count).reversed() {
            cached[place] += UInt8(rest % 10)
            rest /= 10
        }
    }
}
