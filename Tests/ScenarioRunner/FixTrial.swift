import Glibc

/// Runs the first fix that a fault's verdict advises, makes the fault's packets again and checks that they get through.
struct FixTrial {
    let fault: Fault
    /// Names of the namespaces, as scripts use them.
    let namespaces: [String]

    /// The shell command of the fix, in its namespace; nil if the verdict does not advise one, or not yet.
    func script(after trace: Trace) -> String? {
        guard let wanted = fault.verdict else { return nil }
        for context in trace.sequence.events {
            guard let verdict = context["verdict"]?.object, wanted.isMet(by: verdict),
                let command = Self.firstFix(of: verdict), let place = namespace(of: verdict, in: context)
            else { continue }
            // The command may name its namespace itself.
            return command.hasPrefix("ip netns exec ") || command.hasPrefix("nsenter ")
                ? command : "ip netns exec \(place) sh -c '\(command.replacing("'", with: #"'\''"#))'"
        }
        return nil
    }

    /// Problems of the packets after the fix, in the fault's own namespaces.
    func problems(in trace: Trace) -> [String] {
        let own = Set(namespaces.compactMap { Self.inode(of: $0) })
        let contexts = trace.sequence.events.filter { context in
            (context["events"]?.array ?? []).contains { event in
                guard case .integer(let inode)? = event.object?["netns"] else { return false }
                return own.contains(UInt64(inode))
            }
        }
        let verdicts = contexts.compactMap { $0["verdict"]?.object }
        if !verdicts.isEmpty { return verdicts.map { "after the fix: \(JSONValue.object($0))" } }
        let arrives = contexts.contains { context in
            guard let how = context["end"]?.object?["how"]?.string else { return false }
            return ["consumed", "delivered", "unfinished"].contains(how)
        }
        return arrives ? [] : ["after the fix no packet got through"]
    }

    /// The first fix in a verdict's JSON, if it is a command without placeholders.
    static func firstFix(of verdict: [String: JSONValue]) -> String? {
        let fixes = (verdict["advice"]?.array ?? []).compactMap(\.object).filter { $0["for"] == .string("fix") }
        guard let command = fixes.lazy.compactMap({ $0["run"]?.string }).first, !command.contains("<") else {
            return nil
        }
        return command
    }

    /// The namespace in which the packet was lost.
    private func namespace(of verdict: [String: JSONValue], in context: [String: JSONValue]) -> String? {
        guard let events = context["events"]?.array,
            case .integer(let index)? = verdict["evidence"]?.array?.first?.object?["event"]
        else { return nil }
        // A packet that a socket holds has no device any more. Returns of functions are not listed as separate events.
        for event in events.prefix(Int(index) + 1).reversed() {
            guard case .integer(let inode)? = event.object?["netns"] else { continue }
            return namespaces.first { Self.inode(of: $0) == UInt64(inode) }
        }
        return nil
    }

    private static func inode(of namespace: String) -> UInt64? {
        var facts = stat()
        return stat("/run/netns/\(namespace)", &facts) == 0 ? UInt64(facts.st_ino) : nil
    }
}

/// A fix that has been run, followed by the trigger.
struct Mended {
    let trial: FixTrial
    var script: String?
    /// Time when the trigger began.
    var start: Int64 = 0
    /// The reason why the fix was not run.
    var failure: [String] = []

    func problems(in trace: Trace) -> [String] {
        let problems = failure.isEmpty ? trial.problems(in: trace.since(start)) : failure
        return problems.isEmpty ? [] : (script.map { ["the fix was: \($0)"] } ?? []) + problems
    }
}

extension Trace {
    /// The contexts that began at this time or later.
    func since(_ time: Int64) -> Trace {
        Trace(contexts: sequence.events.filter { $0["type"] == .string("context") && Self.start(of: $0) >= time })
    }

    /// The time of the first event of a context: nanoseconds of CLOCK_MONOTONIC.
    static func start(of context: [String: JSONValue]) -> Int64 {
        guard case .integer(let time)? = context["events"]?.array?.first?.object?["ts"] else { return 0 }
        return time
    }
}

/// CLOCK_MONOTONIC in nanoseconds.
func monotonicTime() -> Int64 {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    return Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec)
}
