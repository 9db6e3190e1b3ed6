/// The values of a field that a header may have several times.
public struct FieldValues: Sendable {
    /// More values than this of one header are not shown.
    static let limit = 64

    private(set) var first = FieldReading.absent
    private var others: [FieldReading] = []
    private let limit: Int

    init(limit: Int) { self.limit = limit }

    var all: [FieldReading] { first == .absent ? [] : [first] + others }

    /// Appends a value; one that is absent is none. Returns whether further values are wanted.
    @discardableResult
    mutating func append(_ reading: FieldReading) -> Bool {
        guard reading != .absent else { return true }
        guard first != .absent else {
            first = reading
            return limit > 1
        }
        guard others.count + 1 < limit else { return false }
        others.append(reading)
        return others.count + 1 < limit
    }
}
