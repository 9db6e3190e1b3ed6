import Events
import Text

extension ByteBuffer {
    /// The socket's column, with labels where a value alone could be taken for another:
    /// `[sock:ESTABLISHED owner:nginx:812+2 container:4f2a9c1d3e5b cookie:0x1001] `. What is not known is left out.
    mutating func appendSocketColumn(_ socket: SocketSection?, _ names: SocketNames) {
        guard let socket else {
            append("[-] ")
            return
        }
        append("[sock:")
        if let state = socket.stateWord { append(state) } else { appendDecimal(socket.state) }
        appendOwner(socket, names)
        appendCgroup(socket, names)
        if let cookie = socket.cookie {
            append(" cookie:0x")
            appendHex(cookie)
        }
        append("] ")
    }

    /// Without a name the inode is what ss(8) and lsof(8) can go on from.
    private mutating func appendOwner(_ socket: SocketSection, _ names: SocketNames) {
        if let owner = names.owner(of: socket) {
            append(" owner:")
            appendEscaped(owner.command.utf8.span.bytes)
            append(UInt8(ascii: ":"))
            appendDecimal(owner.pid)
            if owner.others > 0 {
                append(UInt8(ascii: "+"))
                appendDecimal(owner.others)
            }
        } else if let inode = socket.inode {
            append(" inode:")
            appendDecimal(inode)
        }
    }

    private mutating func appendCgroup(_ socket: SocketSection, _ names: SocketNames) {
        guard let id = socket.cgroup else { return }
        let name = names.cgroup(of: socket)
        if let container = name?.container {
            append(" container:")
            append(container.utf8.span.bytes)
        } else {
            append(" cgroup:")
            if let path = name?.path {
                appendEscaped(path.utf8.span.bytes)
            } else {
                append(UInt8(ascii: "#"))
                appendDecimal(id)
            }
        }
    }
}
