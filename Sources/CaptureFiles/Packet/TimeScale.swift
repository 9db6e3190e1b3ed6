/// The unit and the start of a file's timestamps.
struct TimeScale: Equatable, Sendable {
    private enum Unit: Equatable {
        /// A tick is this many nanoseconds.
        case multiple(UInt64)
        /// A nanosecond is this many ticks.
        case fraction(UInt64)
        /// A tick is 2^-bits seconds.
        case binary(bits: UInt8)
        /// A tick is too short for a time to be shown.
        case none
    }

    private let unit: Unit
    /// Seconds to add.
    private let offset: Int64

    static let microseconds = TimeScale(resolution: 6)
    static let nanoseconds = TimeScale(resolution: 9)

    /// - Parameters:
    ///   - resolution: if_tsresol: a negative power of 10, or of 2 if the highest bit is set.
    ///   - offset: if_tsoffset, in seconds.
    init(resolution: UInt8, offset: Int64 = 0) {
        self.offset = offset
        let exponent = resolution & 0x7f
        func power(_ exponent: UInt8) -> UInt64 { (0..<exponent).reduce(1) { power, _ in power * 10 } }
        unit =
            switch (resolution & 0x80 != 0, exponent) {
            case (true, let bits): .binary(bits: bits)
            case (false, ...9): .multiple(power(9 - exponent))
            case (false, ...28): .fraction(power(exponent - 9))
            default: .none
            }
    }

    /// Nanoseconds since 1970; nil if they do not fit.
    func nanoseconds(_ ticks: UInt64) -> Int64? {
        let value: UInt128
        switch unit {
        case .multiple(let factor):
            let (product, overflow) = ticks.multipliedReportingOverflow(by: factor)
            if !overflow, offset == 0 { return Int64(exactly: product) }
            value = UInt128(ticks) * UInt128(factor)
        case .fraction(let divisor): value = UInt128(ticks / divisor)
        case .binary(let bits): value = (UInt128(ticks) * 1_000_000_000) >> UInt128(bits)
        case .none: return nil
        }
        // At most 2^64 · 10^9 and 2^63 · 10^9: the sum is far from the limit of 128 bits.
        return Int64(exactly: Int128(value) + Int128(offset) * 1_000_000_000)
    }
}
