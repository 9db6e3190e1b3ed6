import Events
import Text

extension JSONObject {
    /// `"program":{…},"verdict":"XDP_REDIRECT","frame":{"lost":1,"error":"-EINVAL","ifindex":9}`.
    mutating func appendFrame(_ frame: FrameSection, _ names: NameTable, _ buffer: inout ByteBuffer) {
        if let id = frame.program { appendProgram(frame.name, id: id, tag: frame.tag, type: "xdp", &buffer) }
        quoted("verdict", &buffer) {
            if !$0.appendVerdict(of: frame, names) { $0.appendDecimal(frame.verdict) }
        }
        key("frame", &buffer)
        var object = JSONObject()
        object.number("lost", frame.lost, &buffer)
        if let error = frame.error { object.quoted("error", &buffer) { $0.append(error: error) } }
        object.append(frame.redirect, &buffer)
        object.end(&buffer)
    }
}
