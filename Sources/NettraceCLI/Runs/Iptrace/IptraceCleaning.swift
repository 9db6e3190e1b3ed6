import Glibc

/// `iptrace -u`: removes what an older run has left.
///
/// The kernel itself ends sockets, filters and promiscuous modes with the process that has them, so only files of process
/// ids can be left.
enum IptraceCleaning {
    static func run() {
        var messages = OutputSink.messages
        var hasFound = false
        for path in [PidFile.standard, SubsystemArguments.pidFile] {
            if let holder = PidFile.holder(path) {
                messages.write("iptrace: process \(holder) is recording; 'kill \(holder)' ends it\n")
            } else if PidFile.removeRemainder(path) {
                messages.write("iptrace: removed \(path), which a killed process has left\n")
            } else {
                continue
            }
            hasFound = true
        }
        guard !hasFound else { return }
        messages.write("iptrace: nothing was left: the kernel has ended all that belonged to earlier runs\n")
    }
}
