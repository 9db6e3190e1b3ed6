import Glibc

/// The output: figures in a fixed format on standard output, notes for people on standard error.
enum Figures {
    /// Prints one line, `name value unit`, with two decimals below 10, one below 100, and none above.
    static func print(_ name: String, _ value: Double, _ unit: String) {
        let digits = abs(value) < 10 ? 100.0 : abs(value) < 100 ? 10.0 : 1.0
        let rounded = (value * digits).rounded() / digits
        let text = digits == 1 ? String(Int64(rounded)) : String(rounded)
        emit("\(name) \(text) \(unit)\n", to: STDOUT_FILENO)
    }

    static func print(_ name: String, _ count: UInt64, _ unit: String) {
        emit("\(name) \(count) \(unit)\n", to: STDOUT_FILENO)
    }

    static func note(_ text: String) {
        emit("note: \(text)\n", to: STDERR_FILENO)
    }

    /// Unbuffered, so that the figures before a failure are visible. Write errors, such as a closed pipe, are ignored.
    private static func emit(_ line: String, to descriptor: Int32) {
        var line = line
        _ = line.withUTF8 { write(descriptor, $0.baseAddress, $0.count) }
    }
}

extension Array<Double> {
    /// The middle value (of an even count the lower of the two); 0 if the array is empty.
    var median: Double {
        isEmpty ? 0 : sorted()[(count - 1) / 2]
    }
}

/// Nanoseconds that `body` takes, by ContinuousClock.
func nanoseconds<Failure: Error>(_ body: () throws(Failure) -> Void) throws(Failure) -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    try body()
    return (clock.now - start).nanoseconds
}

/// Nanoseconds of processor time that `body` takes on this thread; other work of the machine does not count.
func processorNanoseconds(_ body: () -> Void) -> Double {
    func now() -> Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e9 + Double(time.tv_nsec)
    }
    let start = now()
    body()
    return now() - start
}

extension Duration {
    var nanoseconds: Double {
        Double(components.seconds) * 1e9 + Double(components.attoseconds) / 1e9
    }
}

/// A measurement that failed, described for the user.
struct BenchmarkError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }

    /// Appends the error of the system call that just failed.
    init(failed action: String) {
        description = "cannot \(action): \(String(cString: strerror(errno)))"
    }
}

enum Privileges {
    static var suffice: Bool { geteuid() == 0 }
}
