import DCompiler
import DRuntime
import Text

/// The losses of a D program up to now.
struct DLosses {
    /// By kind and CPU.
    private(set) var byCPU: [Loss: [UInt64]] = [:]
    /// By kind, of each program.
    private(set) var byProgram: [Int: [Loss: UInt64]] = [:]

    /// Adds the value of a counter of `MapNames.losses`.
    mutating func add(_ value: UInt64, counter: Int, cpu: Int) {
        guard let (loss, program) = Loss.counter(counter) else { return }
        var cpus = byCPU[loss] ?? []
        while cpus.count <= cpu { cpus.append(0) }
        cpus[cpu] += value
        byCPU[loss] = cpus
        byProgram[program, default: [:]][loss, default: 0] += value
    }

    /// "12 drops on CPU 0", for what was lost after `earlier`.
    func lines(since earlier: DLosses) -> [String] {
        Loss.allCases.flatMap { loss in
            let before = earlier.byCPU[loss] ?? []
            return (byCPU[loss] ?? []).enumerated().compactMap { cpu, count in
                let new = count - (before.indices.contains(cpu) ? before[cpu] : 0)
                return new == 0 ? nil : "\(new) \(loss.text)\(new == 1 ? "" : "s") on CPU \(cpu)"
            }
        }
    }
}

/// The counts of each program's firings. A firing that prints is recorded, or dropped because the buffer has no room for it,
/// or missed because the kernel does not run the program.
struct DAccount {
    /// How the account is printed.
    enum Form { case text, json }

    private struct Row {
        var title: String
        var recorded: Int
        var losses: [Loss: UInt64]
        var missed: UInt64
    }

    private let rows: [Row]

    /// - Parameters:
    ///   - records: received records, by program.
    ///   - missed: firings that the kernel did not run, by program.
    init(_ program: CompiledProgram, records: [Int], missed: [UInt64], _ losses: DLosses) {
        rows = program.probes.enumerated().map { number, probe in
            let others = probe.members.count - 1
            return Row(
                title: probe.probe.title + (others > 0 ? " and \(others) other probe\(others == 1 ? "" : "s")" : ""),
                recorded: records[number], losses: losses.byProgram[number] ?? [:],
                missed: missed[number])
        }
    }

    /// For each probe that the kernel did not run at times.
    var missedLines: [String] {
        rows.filter { $0.missed > 0 }.map { row in
            "\(row.missed) firing\(row.missed == 1 ? "" : "s") of \(row.title) missed by the kernel"
        }
    }

    /// A line for each probe.
    var lines: [String] {
        rows.map { row in
            "\(row.title): \(row.recorded) recorded, \(row.losses[.records] ?? 0) dropped, \(row.missed) missed"
                + ([.aggregations, .variables, .speculations] as [Loss]).compactMap { loss in
                    row.losses[loss].flatMap { $0 == 0 ? nil : ", \($0) \(loss.text)\($0 == 1 ? "" : "s")" }
                }.joined()
        }
    }

    /// `{"account":[{"probe":…,"recorded":…,"dropped":…,"missed":…,"aggregation_drops":…,"variable_drops":…,
    /// "failed_speculations":…}]}`
    func writeJSON(to buffer: inout ByteBuffer) {
        var object = JSONObject()
        object.key("account", &buffer)
        buffer.append(UInt8(ascii: "["))
        for (index, row) in rows.enumerated() {
            if index > 0 { buffer.append(UInt8(ascii: ",")) }
            var entry = JSONObject()
            entry.key("probe", &buffer)
            var title = ByteBuffer(capacity: 64)
            title.append(contentsOf: row.title.utf8)
            buffer.appendJSONString(title.bytes)
            entry.number("recorded", row.recorded, &buffer)
            entry.number("dropped", row.losses[.records] ?? 0, &buffer)
            entry.number("missed", row.missed, &buffer)
            entry.number("aggregation_drops", row.losses[.aggregations] ?? 0, &buffer)
            entry.number("variable_drops", row.losses[.variables] ?? 0, &buffer)
            entry.number("failed_speculations", row.losses[.speculations] ?? 0, &buffer)
            entry.end(&buffer)
        }
        buffer.append(UInt8(ascii: "]"))
        object.end(&buffer)
        buffer.append(UInt8(ascii: "\n"))
    }
}

extension Loss {
    fileprivate var text: String {
        switch self {
        case .records: "drop"
        case .aggregations: "aggregation drop"
        case .variables: "dynamic variable drop"
        case .speculations: "failed speculation"
        }
    }
}
