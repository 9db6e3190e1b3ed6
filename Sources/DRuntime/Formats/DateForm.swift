import Glibc

/// `%Y` and `%T`: nanoseconds since 1970 as local time.
enum DateForm {
    /// `2024 Nov 20 23:47:00`
    static func date(_ nanoseconds: UInt64) -> String { text(nanoseconds, "%Y %b %e %H:%M:%S") }

    /// The same with a fraction: `2024 Nov 20 23:47:00.123456789`
    static func dateWithNanoseconds(_ nanoseconds: UInt64) -> String {
        let fraction = String(nanoseconds % 1_000_000_000)
        return date(nanoseconds) + "." + String(repeating: "0", count: 9 - fraction.count) + fraction
    }

    private static func text(_ nanoseconds: UInt64, _ form: String) -> String {
        var seconds = time_t(nanoseconds / 1_000_000_000)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return "" }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { room in
            let count = strftime(room.baseAddress!, room.count, form, &parts)
            return String(decoding: room[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
        }
    }
}
