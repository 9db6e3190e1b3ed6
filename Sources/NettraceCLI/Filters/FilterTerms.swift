import ArgumentParser
import KernelAccess

/// Parses the values of filters. Lists add up, by comma and by repetition; an empty item is an error.
enum FilterTerms {
    static func items(_ values: [String], _ option: String) throws -> [String] {
        try values.flatMap { value in
            try value.split(separator: ",", omittingEmptySubsequences: false).map { part in
                let item = String(part.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
                guard !item.isEmpty else {
                    throw ValidationError(
                        "\(option) '\(value)': a value is missing; separate values with single commas, as in 'a,b'")
                }
                return item
            }
        }
    }

    static func mark(_ text: String) throws -> MetadataFilters.Mark {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let value = number(parts[0]), let mask = parts.count == 2 ? number(parts[1]) : .max
        else {
            throw ValidationError("--mark '\(text)': write VALUE or VALUE/MASK with 32-bit numbers, such as 0x10/0xff")
        }
        guard value & ~mask == 0 else {
            throw ValidationError("--mark '\(text)': the value has bits outside of the mask, so no packet can match")
        }
        return .init(value: value, mask: mask)
    }

    /// Parses `N`, `MIN-MAX`, `MIN-`, `>N`, `>=N`, `<N`, `<=N`.
    static func length(_ text: String) throws -> ClosedRange<UInt32> {
        if let range = try comparison(text) { return range }
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let low = parts.first.flatMap { UInt32($0) }
        let high = parts.count == 1 ? low : parts[1].isEmpty ? .max : UInt32(parts[1])
        guard parts.count <= 2, let low, let high else { throw badLength(text) }
        guard low <= high else {
            throw ValidationError("--len '\(text)': the range is upside down; write \(high)-\(low)")
        }
        return low...high
    }

    private static func comparison(_ text: String) throws -> ClosedRange<UInt32>? {
        guard let sign = text.first, sign == ">" || sign == "<" else { return nil }
        let includes = text.dropFirst().first == "="
        guard let bound = UInt32(text.dropFirst(includes ? 2 : 1).drop { $0 == " " }) else { throw badLength(text) }
        switch (sign, includes) {
        case (">", true): return bound...UInt32.max
        case (">", false) where bound < .max: return bound + 1...UInt32.max
        case ("<", true): return 0...bound
        case ("<", false) where bound > 0: return 0...bound - 1
        default: throw ValidationError("--len '\(text)': no packet is like that")
        }
    }

    private static func badLength(_ text: String) -> ValidationError {
        ValidationError(
            "--len '\(text)': write a number of bytes, a range such as 64-1500 or 1500-, or a comparison such as '>100'"
        )
    }

    private static func number(_ text: Substring) -> UInt32? {
        text.hasPrefix("0x") || text.hasPrefix("0X") ? UInt32(text.dropFirst(2), radix: 16) : UInt32(text)
    }
}

/// Sets of lengths as ascending ranges that neither overlap nor adjoin.
enum LengthRanges {
    static func union(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
        ranges.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { merged, range in
            if let last = merged.last, last.upperBound == .max || range.lowerBound <= last.upperBound + 1 {
                merged[merged.count - 1] = last.lowerBound...max(last.upperBound, range.upperBound)
            } else {
                merged.append(range)
            }
        }
    }

    /// The lengths in `ranges` (all, if it is empty) that are not in `excluded`.
    static func subtract(
        _ excluded: [ClosedRange<UInt32>], from ranges: [ClosedRange<UInt32>]
    ) -> [ClosedRange<UInt32>] {
        union(excluded).reduce(ranges.isEmpty ? [0...UInt32.max] : union(ranges)) { rest, hole in
            rest.flatMap { range -> [ClosedRange<UInt32>] in
                guard range.overlaps(hole) else { return [range] }
                var parts: [ClosedRange<UInt32>] = []
                if range.lowerBound < hole.lowerBound { parts.append(range.lowerBound...hole.lowerBound - 1) }
                if range.upperBound > hole.upperBound { parts.append(hole.upperBound + 1...range.upperBound) }
                return parts
            }
        }
    }
}
