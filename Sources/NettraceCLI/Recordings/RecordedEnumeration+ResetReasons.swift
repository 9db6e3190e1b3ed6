import Recording

extension RecordedEnumeration {
    fileprivate static let resetReason = "sk_rst_reason"

    /// The reasons of resets, for events of sockets; nil if the kernel has none.
    init?(resetReasons: [UInt32: String]) {
        guard !resetReasons.isEmpty else { return nil }
        self.init(
            name: Self.resetReason, bits: 32, isSigned: false,
            names: Dictionary(uniqueKeysWithValues: resetReasons.map { (UInt64($0), $1) }))
    }
}

extension RecordingHeader {
    var resetReasons: [UInt32: String] {
        guard let reasons = enumerations.first(where: { $0.name == RecordedEnumeration.resetReason }) else {
            return [:]
        }
        return reasons.names.reduce(into: [:]) { $0[UInt32(truncatingIfNeeded: $1.key)] = $1.value }
    }
}
