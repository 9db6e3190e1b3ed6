import Events
import Text

extension JSONObject {
    /// The members of "sock".
    mutating func append(_ socket: SocketSection, _ names: SocketNames, _ buffer: inout ByteBuffer) {
        hex("address", socket.address, width: 16, &buffer)
        word("family", socket.familyWord, else: socket.family, &buffer)
        if let type = socket.type { word("type", socket.typeWord, else: type, &buffer) }
        if socket.hasTransport { word("protocol", socket.transportWord, else: socket.transport, &buffer) }
        word("state", socket.stateWord, else: socket.state, &buffer)
        hex("cookie", socket.cookie, &buffer)
        number("inode", socket.inode, &buffer)
        number("uid", socket.uid, &buffer)
        number("ifindex", socket.boundInterface, &buffer)
        if let owner = names.owner(of: socket) {
            object("owner", &buffer) { object, buffer in
                object.number("pid", owner.pid, &buffer)
                object.text("comm", owner.command.utf8.span.bytes, &buffer)
                object.number("others", owner.others, &buffer)
            }
        }
        if let id = socket.cgroup {
            let name = names.cgroup(of: socket)
            object("cgroup", &buffer) { object, buffer in
                object.number("id", id, &buffer)
                if let path = name?.path { object.text("path", path.utf8.span.bytes, &buffer) }
                if let container = name?.container { object.text("container", container.utf8.span.bytes, &buffer) }
            }
        }
    }

    /// A word, or the number as a string where there is none.
    private mutating func word(
        _ name: StaticString, _ value: StaticString?, else number: UInt16, _ buffer: inout ByteBuffer
    ) {
        if let value {
            word(name, value, &buffer)
        } else {
            quoted(name, &buffer) { $0.appendDecimal(number) }
        }
    }
}
