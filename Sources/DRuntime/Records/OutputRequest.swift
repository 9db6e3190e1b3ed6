/// Something that a program asks for between two parts of its output.
public struct OutputRequest: Hashable, Sendable {
    public enum Kind: Hashable, Sendable {
        /// freopen(): another file; the empty path stands for the output that the run began with.
        case reopen(path: String)
        /// ftruncate()
        case truncate
        /// system(): a command for the shell.
        case run(command: String)
        /// clear() of least and greatest values: the aggregation's new epoch.
        case restart(aggregation: Int, epoch: Int64)
    }

    /// Bytes of output before it.
    public var offset: Int
    public var kind: Kind

    func moved(by bytes: Int) -> OutputRequest { OutputRequest(offset: offset + bytes, kind: kind) }
}
