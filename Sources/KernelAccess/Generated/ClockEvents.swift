import CSyscalls
import Glibc
import SystemPackage

/// Perf events of the CPUs' clocks, which run programs. They end with this value.
struct ClockEvents: ~Copyable {
    private var events: [FileDescriptor] = []

    deinit { for event in events { try? event.close() } }

    mutating func detach() {
        for event in events { try? event.close() }
        events = []
    }

    mutating func attach(_ program: FileDescriptor, to clock: GeneratedProgram.Clock) throws(Errno) {
        let cpus = PossibleCPUs.online
        for cpu in clock.onAllCPUs ? cpus : Array(cpus.prefix(1)) {
            let (isFrequency, value): (Int32, UInt64) =
                switch clock.pace {
                case .frequency(let frequency): (1, frequency)
                case .nanoseconds(let period): (0, period)
                }
            let event = nt_clock_event_open(Int32(cpu), isFrequency, value)
            guard event >= 0 else { throw Errno(rawValue: -event) }
            events.append(FileDescriptor(rawValue: event))
            let error = nt_perf_event_set_program(event, program.rawValue)
            guard error == 0 else { throw Errno(rawValue: -error) }
        }
    }
}
