public import Netlink

extension NamespaceHandle {
    /// Asks the kernel about this namespace.
    public func answer<Question: NetlinkQuestion>(
        to question: Question
    ) throws(NetlinkError) -> [Question.Element] {
        let socket = try NetlinkSocket(question.request.netlinkProtocol, inNamespace: entrance)
        return try NetlinkSession(socket).answer(to: question)
    }
}
