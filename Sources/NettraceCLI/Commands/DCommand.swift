import ArgumentParser

/// `nettrace d`, also the program's name `dtrace`.
struct DCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "d",
        abstract: "Runs a program in D: your own question, answered in the kernel (docs/D.md).",
        usage: """
            nettrace d [options] -n 'program' [arguments]
            nettrace d [options] -s script.d [arguments]
            nettrace d -l [-v] [-P provider] [-n 'probe']
            """)

    @Option(
        name: .customShort("n"), parsing: .unconditionalSingleValue,
        help: .init("A program, or the description of a probe; may be given several times.", valueName: "program"))
    var programs: [String] = []

    @Option(
        name: .customShort("s"), parsing: .unconditionalSingleValue,
        help: .init("A file with a program; may be given several times.", valueName: "file"))
    var scripts: [String] = []

    @Option(
        name: .customShort("P"), parsing: .unconditionalSingleValue,
        help: .init("The probes of a provider.", valueName: "provider"))
    var providers: [String] = []

    @Option(
        name: .customShort("m"), parsing: .unconditionalSingleValue,
        help: .init("The probes of a module.", valueName: "[provider:]module"))
    var modules: [String] = []

    @Option(
        name: .customShort("f"), parsing: .unconditionalSingleValue,
        help: .init("The probes of a function.", valueName: "[[provider:]module:]function"))
    var functions: [String] = []

    @Option(
        name: .customShort("i"), parsing: .unconditionalSingleValue,
        help: .init("The probe with this number.", valueName: "number"))
    var identifiers: [String] = []

    @Flag(name: .customShort("l"), help: "List the probes; with -v the types of their arguments.")
    var lists = false

    @Flag(name: .customShort("e"), help: "Compile the program, and do not run it.")
    var onlyCompiles = false

    @Flag(name: .customShort("q"), help: "Print only what the program prints.")
    var quiet = false

    @Flag(name: .customShort("F"), help: "Indent the output as functions are nested (-x flowindent).")
    var indents = false

    @Flag(name: .customShort("w"), help: "Allow actions that change the system (-x destructive).")
    var destructive = false

    @Flag(name: .customShort("V"), help: "Print the version of D.")
    var showsVersion = false

    @Flag(name: .customShort("C"), help: "Run the C preprocessor, cpp, over the programs first.")
    var preprocesses = false

    @Option(
        name: .customShort("D"), parsing: .unconditionalSingleValue,
        help: .init("Define a macro of the preprocessor.", valueName: "name[=value]"))
    var defined: [String] = []

    @Option(
        name: .customShort("U"), parsing: .unconditionalSingleValue,
        help: .init("Remove a macro of the preprocessor.", valueName: "name"))
    var undefined: [String] = []

    @Option(
        name: .customShort("I"), parsing: .unconditionalSingleValue,
        help: .init("A folder for the preprocessor's #include.", valueName: "folder"))
    var included: [String] = []

    @Option(
        name: .customShort("L"), parsing: .unconditionalSingleValue,
        help: .init("Read the libraries (*.d) of this folder, too.", valueName: "folder"))
    var libraries: [String] = []

    @Option(
        name: .customShort("b"), parsing: .unconditional,
        help: .init("The size of the buffer (-x bufsize).", valueName: "size"))
    var bufferSize: String?

    @Option(
        name: .customShort("X"), parsing: .unconditional,
        help: .init("The C standard to follow; accepted, and without effect.", valueName: "standard"))
    var standard: String?

    @Flag(help: "Print records and aggregations as JSON objects, one a line.")
    var json = false

    @Flag(name: .customShort("S"), help: "Print the code that is generated for the kernel.")
    var showsCode = false

    @Flag(name: .customShort("v"), help: "With -l: types; otherwise what was attached, and the kernel's reasons.")
    var verbose = false

    @Flag(name: .customShort("Z"), help: "Accept descriptions of probes that match none.")
    var acceptsNone = false

    @Option(
        name: .customShort("x"), parsing: .unconditionalSingleValue,
        help: .init("Set an option of D: -x quiet, -x switchrate=10hz.", valueName: "option[=value]"))
    var options: [String] = []

    @Option(name: .customShort("o"), help: .init("Append the output to this file.", valueName: "file"))
    var output: String?

    @Option(
        name: .customShort("c"), parsing: .unconditional,
        help: .init("Run this command, end with it, and set $target to its process.", valueName: "command"))
    var command: String?

    @Option(name: .customShort("p"), help: .init("Set $target to this process, and end with it.", valueName: "pid"))
    var process: Int32?

    @Option(help: .init("Create this file once all probes are active.", valueName: "file"))
    var readyFile: String?

    @Argument(help: .init("The program's arguments, $1 and so on.", valueName: "argument"))
    var arguments: [String] = []

    func validate() throws {
        let descriptions = providers + modules + functions + identifiers
        guard lists || showsVersion || !programs.isEmpty || !scripts.isEmpty || !descriptions.isEmpty else {
            throw ValidationError("no program: give one with -n 'program' or -s FILE, or list the probes with -l")
        }
        if let process, process <= 0 { throw ValidationError("-p \(process): the number of a process is above 0") }
        if command != nil, process != nil { throw ValidationError("-c and -p both give $target; give one of them") }
    }

    func run() throws {
        if showsVersion {
            var output = OutputSink.standardOutput
            output.write("dtrace: D of nettrace \(Nettrace.configuration.version)\n")
            return
        }
        let request = try DRequest(self)
        do {
            if lists {
                try DListing(request).print()
            } else {
                try DRun(request).run()
            }
        } catch let error as DProblem {
            var errors = OutputSink.standardError
            // Both the line and the one with the caret have its tabs.
            errors.write(error.description.replacing("\t", with: "        "))
            throw ExitCode.failure
        }
    }
}
