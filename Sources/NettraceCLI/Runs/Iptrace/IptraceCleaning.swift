import Glibc

/// `iptrace -u`: removes what an older run has left.
///
/// The kernel itself ends sockets, filters and promiscuous modes with the process that has them, so only files of process
/// ids can be left.
enum IptraceCleaning {
    static func run() {
        var messages = OutputSink.messages
        if let holder = PidFile.holder(PidFile.standard) {
            messages.write("iptrace: process \(holder) is recording; 'kill \(holder)' ends it\n")
        } else if PidFile.removeRemainder(PidFile.standard) {
            messages.write("iptrace: removed \(PidFile.standard), which a killed process has left\n")
        } else {
            messages.write("iptrace: nothing was left: the kernel has ended all that belonged to earlier runs\n")
        }
    }
}
