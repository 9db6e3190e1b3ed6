/// Names similar to the given one, best match first; empty if none is similar.
///
/// Similar means few typing errors (a letter missing, added, replaced, or two swapped: at most a third of the name), or that
/// one name contains the other. For names below four letters only swapped letters count. Case is ignored.
public func nearestNames(to name: String, in candidates: some Sequence<String>, limit: Int) -> [String] {
    let wanted = Array(name.lowercased().utf8)
    guard !wanted.isEmpty, limit > 0 else { return [] }
    let isShort = wanted.count < 4
    let tolerated = max(1, wanted.count / 3)
    var found: [(distance: Int, name: String)] = []
    for candidate in candidates {
        let bytes = Array(candidate.lowercased().utf8)
        // An error changes the length by at most one, so that most candidates need no comparison.
        let difference = abs(wanted.count - bytes.count)
        let distance = difference <= tolerated ? editDistance(wanted, bytes) : .max
        let contained = min(wanted.count, bytes.count) >= 3 && (contains(bytes, wanted) || contains(wanted, bytes))
        if distance <= tolerated, !isShort || wanted.sorted() == bytes.sorted() {
            found.append((distance, candidate))
        } else if contained {
            // Contained names come after all typing errors, the closest in length first.
            found.append((tolerated + difference, candidate))
        }
    }
    found.sort { ($0.distance, $0.name) < ($1.distance, $1.name) }
    return found.prefix(limit).map(\.name)
}

/// Number of insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
private func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var beforeLast = [Int](repeating: 0, count: right.count + 1)
    var last = Array(0...right.count)
    for row in left.indices {
        var current = [row + 1]
        current.reserveCapacity(right.count + 1)
        for column in right.indices {
            let substitution = last[column] + (left[row] == right[column] ? 0 : 1)
            var best = min(substitution, last[column + 1] + 1, current[column] + 1)
            if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                best = min(best, beforeLast[column - 1] + 1)
            }
            current.append(best)
        }
        beforeLast = last
        last = current
    }
    return last[right.count]
}

private func contains(_ whole: [UInt8], _ part: [UInt8]) -> Bool {
    guard part.count <= whole.count else { return false }
    return (0...(whole.count - part.count)).contains { whole[$0..<($0 + part.count)].elementsEqual(part) }
}
