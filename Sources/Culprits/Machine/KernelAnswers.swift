import Diagnosis
import Glibc
import Netlink
import Protocols

extension NamespaceView {
    /// The kernel's answers.
    func all<Question: NetlinkQuestion>(_ question: Question) throws(InspectionFailure) -> [Question.Element] {
        do throws(NetlinkError) { return try answers(to: question) } catch {
            throw InspectionFailure(error, Question.subject)
        }
    }

    /// The kernel's only answer; nil if it refuses the question, since what is asked for does not exist.
    func answer<Question: NetlinkQuestion>(to question: Question) throws(InspectionFailure) -> Question.Element? {
        do throws(NetlinkError) {
            return try answers(to: question).first
        } catch {
            if case .refused = error { return nil }
            throw InspectionFailure(error, Question.subject)
        }
    }
}

extension InspectionFailure {
    fileprivate init(_ error: NetlinkError, _ subject: String) {
        switch error {
        case .refused(let number, let message):
            self.init(
                "the kernel does not list \(subject): " + (message ?? String(cString: strerror(number))))
        case .failed(let call, let number):
            self.init(
                number == EPERM
                    ? "no permission to ask the kernel for \(subject): run nettrace as root (CAP_NET_ADMIN)"
                    : "the kernel cannot be asked for \(subject): \(call): \(String(cString: strerror(number)))")
        case .malformed: self.init("the kernel listed \(subject) in a format that is not understood")
        case .unsteady: self.init("\(subject) changed while they were listed, several times")
        }
    }
}
