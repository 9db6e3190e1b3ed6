import ArgumentParser
import Capture
import PacketFilter

/// The exit codes of AIX's iptrace, and the error's text.
struct IptraceFailure: Error {
    let code: Int32
    let message: String

    /// - Parameter error: of a filter, a capture, a file, or this program.
    init(_ error: any Error) {
        message = Self.message(error)
        code =
            switch error {
            case let failure as CaptureFailure: Self.code(failure)
            case let failure as LogFailure: Self.code(failure)
            case let error as FilterError: Self.code(error)
            default: 1
            }
    }

    private static func message(_ error: any Error) -> String {
        if case FilterError.invalidOption(let option, let text, _, _) = error, ["-s", "-d"].contains(option),
            text.utf8.contains(where: { 0x30...0x39 ~= $0 }),
            text.utf8.allSatisfy({ 0x30...0x39 ~= $0 || ".:/".utf8.contains($0) })
        {
            return "the address was formed incorrectly: \(error)"
        }
        return (error as? ValidationError)?.message ?? "\(error)"
    }

    private static func code(_ failure: CaptureFailure) -> Int32 {
        switch failure {
        case .socket: 5
        case .filter(let error): code(error)
        default: 1
        }
    }

    private static func code(_ failure: LogFailure) -> Int32 {
        switch failure {
        case .notContinuable: 5
        case .unreadable: 2
        default: 1
        }
    }

    private static func code(_ error: FilterError) -> Int32 {
        if case .invalidOption(let option, _, _, _) = error, ["-P", "-p"].contains(option) { return 9 }
        return 1
    }
}
