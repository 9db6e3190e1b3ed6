import Events
public import Tracers

extension SocketEventSection {
    /// As `tracers.json` names it; nil: newer than this program, or damage.
    var event: SocketEvent? { SocketEvent(number: kind) }

    /// The meaning of a change of state that is not the usual end of a connection.
    var anomaly: (words: StaticString, slug: StaticString)? {
        guard let states, states.new == 7 else { return nil }
        return switch states.old {
        case 2: ("connect failed", "connect-failed")
        case 3: ("handshake failed", "handshake-failed")
        case 1, 4, 8: ("aborted", "aborted")
        default: nil
        }
    }
}

extension SocketEvent {
    /// Bytes of the longest word.
    public static let longestWord = allCases.map { $0.rawValue.utf8.count }.max() ?? 0
}
