import DLanguage

/// `tick-1s` and `profile-997hz`, with every unit.
enum ClockProbes {
    /// The probe that a description without globs names; nil if it names no clock.
    static func probe(_ description: ProbeDescription) -> Probe? {
        guard description.provider.isEmpty || description.provider == "profile", description.module.isEmpty,
            description.function.isEmpty
        else { return nil }
        let parts = description.name.split(separator: "-", maxSplits: 1)
        guard parts.count == 2, let isTick = ["tick": true, "profile": false][parts[0]] else { return nil }
        let digits = parts[1].prefix { $0.isNumber }
        let unit = parts[1].dropFirst(digits.count).lowercased()
        guard let number = UInt64(digits), number > 0 else { return nil }
        func probe(_ site: ProbeSite) -> Probe {
            Probe("profile", name: description.name, site: site)
        }
        if unit.isEmpty || unit == "hz" {
            // Slow clocks are exact as a period.
            guard number > 1_000_000_000 / 1_000_000 || isTick else {
                return probe(.everyNanoseconds(1_000_000_000 / number, onAllCPUs: true))
            }
            guard number <= 1_000_000 else { return nil }
            return probe(.everyNanoseconds(1_000_000_000 / number, onAllCPUs: !isTick))
        }
        guard let factor = units[unit] else { return nil }
        let (period, isTooLong) = number.multipliedReportingOverflow(by: factor)
        // The kernel's clocks cannot run faster, and wait no longer, than this.
        guard !isTooLong, period >= 1000, period < 1 << 62 else { return nil }
        return probe(.everyNanoseconds(period, onAllCPUs: !isTick))
    }

    private static let units: [String: UInt64] = [
        "ns": 1, "nsec": 1, "us": 1000, "usec": 1000, "ms": 1_000_000, "msec": 1_000_000, "s": 1_000_000_000,
        "sec": 1_000_000_000, "m": 60_000_000_000, "min": 60_000_000_000, "h": 3_600_000_000_000,
        "hour": 3_600_000_000_000, "d": 86_400_000_000_000, "day": 86_400_000_000_000,
    ]
}
