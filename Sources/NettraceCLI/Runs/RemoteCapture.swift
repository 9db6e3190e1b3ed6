/// Packets that nettrace captures on another host, which ssh(1) brings.
struct RemoteCapture {
    let process: PacketProcess

    /// - Parameters:
    ///   - host: as ssh takes it.
    ///   - length: the most bytes of a packet; nil for all.
    init(host: String, device: String, length: Int?) throws {
        process = try PacketProcess(
            ["ssh", "--", host, Self.command(device: device, length: length)], name: "\(host):\(device)")
    }

    /// The command for the shell of the other host. The packets of the ssh connection itself are left out: each of them
    /// would cause others.
    static func command(device: String, length: Int?) -> String {
        let quoted =
            "'" + device.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        let limit = length.map { "-l \($0) " } ?? ""
        return """
            f=1; set -- $SSH_CONNECTION; case $1 in *:*) p=ip6;; *) p=ip;; esac; \
            if [ $# -eq 4 ]; then f="not ($p.host $1 and tcp.port $2)"; fi; \
            HOME=/nonexistent exec nettrace netsnoop -i \(quoted) \(limit)-o - "$f"
            """
    }

    /// Ends the command on the other host.
    ///
    /// - Parameter wasStopped: by this side.
    func end(wasStopped: Bool) throws {
        let code = wasStopped ? process.end() : process.waitForEnd()
        guard code != 0, !wasStopped else { return }
        throw RunError("the capture on \(process.name) ended with status \(code); nettrace must be installed there")
    }
}
