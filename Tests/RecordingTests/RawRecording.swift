@testable import Recording

/// A recording built block by block, with correct checksums and arbitrary contents.
struct RawRecording {
    private(set) var bytes: [UInt8]

    static let account: [UInt8] = {
        var payload: [UInt8] = []
        for number: UInt64 in [10, 3, 5, 2] { payload.append(field: number) }
        for number: UInt32 in [2, 1, 0] { payload.append(field: number) }
        return payload + [1, 2, 3, 4]  // a field of a later version
    }()

    init(
        major: UInt16 = BlockFormat.majorVersion, minor: UInt16 = BlockFormat.minorVersion,
        mark: UInt32 = BlockFormat.byteOrderMark, finished: Bool = true
    ) {
        var description: [UInt8] = []
        withUnsafeBytes(of: mark) { description.append(contentsOf: $0) }
        // No hooks, no drop reasons, reserved 0, clock offset 0, three empty texts, no parts, no arguments.
        description += [UInt8](repeating: 0, count: 3 * 4 + 8 + 3 * 4 + 4 + 4)
        self.init(description: description, major: major, minor: minor)
        if finished { append(BlockType.accounting.rawValue, Self.account) }
    }

    init(
        description: [UInt8], major: UInt16 = BlockFormat.majorVersion, minor: UInt16 = BlockFormat.minorVersion
    ) {
        bytes = BlockFormat.magic
        bytes.append(field: major)
        bytes.append(field: minor)
        bytes.append(field: Checksum(bytes.span.bytes).value)
        append(BlockType.description.rawValue, description)
    }

    mutating func append(_ type: UInt32, _ payload: [UInt8]) {
        var padded = payload
        padded.pad()
        var head: [UInt8] = []
        head.append(field: UInt64(bytes.count))
        head.append(field: type)
        head.append(field: UInt32(payload.count))
        head.append(field: Checksum(padded.span.bytes).value)
        head.append(field: Checksum(head.span.bytes).value)
        bytes += head.dropFirst(8) + padded
    }
}

extension RecordingError {
    var isDamage: Bool { if case .damaged = self { true } else { false } }
}
