import Events
import KernelAccess
import Rendering

extension SocketNames {
    /// Looks up processes and cgroups on this machine, when a name is first needed.
    static func ofThisMachine() -> SocketNames {
        let owners = SocketOwners()
        let cgroups = CgroupPaths()
        let containers = ContainerMemory()
        return SocketNames(
            owner: { inode in
                owners.owner(of: inode).map { .init(pid: $0.pid, command: $0.command, others: $0.others) }
            },
            cgroupPath: { cgroups.path(of: $0) }, containerOfProcess: { containers.container(ofProcess: $0) },
            nameOfContainer: { containers.name(ofContainer: $0) })
    }
}

/// Looks up the owner of a socket as soon as its event arrives: a timeline shows it only when the packet has ended, and
/// by then the process may be gone. For the same reason it follows the wall clock.
struct SocketWatch<Consumer: RecordConsumer & ~Copyable>: RecordConsumer, ~Copyable {
    static var outcome: StaticString { Consumer.outcome }

    private var consumer: Consumer
    private let names: NameTable
    private let isNeeded: Bool

    /// - Parameter isNeeded: whether sockets are shown with their owners; if not, nothing is looked up.
    init(_ consumer: consuming Consumer, _ names: NameTable, isNeeded: Bool) {
        self.consumer = consumer
        self.names = names
        self.isNeeded = isNeeded
    }

    var isDone: Bool { consumer.isDone }
    var failure: RunError? { consumer.failure }

    mutating func present(_ record: UnsafeRawBufferPointer) -> Bool {
        if isNeeded, let socket = EventView(record.bytes)?.socket { names.sockets.prepare(for: socket) }
        return consumer.present(record)
    }

    mutating func tell(_ suppressed: [Suppression]) { consumer.tell(suppressed) }

    mutating func flush() {
        _ = names.wallClock.follow(offset: clockOffset(), at: eventTime())
        consumer.flush()
    }

    mutating func note(_ loss: LossNotice) { consumer.note(loss) }

    mutating func finish(_ account: (_ delivered: UInt64, _ suppressed: UInt64) -> RunSummary) -> RunSummary {
        consumer.finish(account)
    }
}
