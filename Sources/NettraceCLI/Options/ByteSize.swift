import ArgumentParser

/// A number of bytes: `100000`, `64k`, `10M`, `1G`.
struct ByteSize: ExpressibleByArgument {
    let bytes: UInt64

    init?(argument: String) {
        let factors: [Character: UInt64] = ["k": 1 << 10, "m": 1 << 20, "g": 1 << 30]
        let factor = argument.last.flatMap { factors[Character($0.lowercased())] }
        guard let number = UInt64(factor == nil ? argument[...] : argument.dropLast()), number > 0 else { return nil }
        let (bytes, overflow) = number.multipliedReportingOverflow(by: factor ?? 1)
        guard !overflow else { return nil }
        self.bytes = bytes
    }
}
