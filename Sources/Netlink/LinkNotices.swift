internal import CSyscalls
internal import Glibc

/// Reports devices of the process' network namespace that come, go or change.
public final class LinkNotices {
    public enum Notice: Sendable {
        /// A device is there, with this name and these settings.
        case present(Link)
        case gone(index: UInt32)
        /// The kernel dropped notices for lack of room: only a listing shows what happened.
        case lost
    }

    private let fd: Int32
    private var buffer = [UInt8](repeating: 0, count: LinkNotices.room)
    /// Longer than any notice of a device without statistics.
    private static let room = 32 << 10
    private static let deleted: UInt16 = 17

    public init() throws(NetlinkError) {
        fd = nt_link_notices_open()
        guard fd >= 0 else { throw .failed(call: "socket", errno: -fd) }
    }

    deinit { close(fd) }

    /// The notices that have arrived since the last call. Does not wait.
    public func take() -> [Notice] {
        var notices: [Notice] = []
        while true {
            let count = recv(fd, &buffer, buffer.count, Int32(MSG_TRUNC))
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == ENOBUFS {
                notices.append(.lost)
                continue
            }
            guard count > 0 else { return notices }
            notices += count > buffer.count ? [.lost] : Self.notices(Array(buffer[..<count]))
        }
    }

    static func notices(_ datagram: [UInt8]) -> [Notice] {
        guard let messages = NetlinkMessage.all(in: datagram) else { return [.lost] }
        return messages.compactMap { message in
            if message.type == deleted { return message.payload.number(at: 4).map { .gone(index: $0) } }
            return Link(message).map { .present($0) }
        }
    }
}
