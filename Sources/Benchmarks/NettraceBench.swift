import ArgumentParser

@main
struct NettraceBench: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nettrace-bench",
        abstract: "Measures what tracing costs.",
        subcommands: [MeasureCommand.self, LoadCommand.self],
        defaultSubcommand: MeasureCommand.self)
}

/// Measures nettrace and prints one figure per line: `name value unit`. All other output goes to standard error.
struct MeasureCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Measures what nettrace costs: in the kernel, per event, at start and at exit.",
        discussion: """
            Prints lines 'name value unit'. Without arguments everything is measured; figures that need root are left \
            out, with a note, where there is none. Traffic goes over the loopback interface only.
            """)

    enum Part: String, CaseIterable, ExpressibleByArgument {
        case rendering, snoop, startup, kernel, drop, accounting
    }

    @Argument(help: "What to measure: rendering, snoop, startup, kernel, drop, accounting. Default: all of it.")
    var parts: [Part] = []

    @Option(help: "The nettrace executable to measure.")
    var program = "build/nettrace"

    @Option(help: "Runs of which the median is taken.")
    var runs = 5

    @Option(help: "Only this view of 'rendering', as its figures name it: for profilers.")
    var view: String?

    func validate() throws {
        guard runs > 0 else { throw ValidationError("--runs must be at least 1") }
    }

    func run() throws {
        let wanted = parts.isEmpty ? Part.allCases : parts
        var isBalanced = true
        for part in wanted {
            guard part == .rendering || part == .snoop || Privileges.suffice else {
                Figures.note("\(part.rawValue): left out, tracing needs root")
                continue
            }
            switch part {
            case .rendering: try RenderingBenchmark(runs: runs, view: view).run()
            case .snoop: try SnoopBenchmark(runs: runs).run()
            case .startup: try StartupBenchmark(program: program, runs: runs).run()
            case .kernel: try KernelBenchmark(program: program, runs: runs).run()
            case .drop: try DropBenchmark(program: program, runs: runs).run()
            case .accounting: isBalanced = try AccountingBenchmark(program: program).run()
            }
        }
        if !isBalanced { throw ExitCode.failure }
    }
}
