import CSyscalls

/// What has to hold for the whole process before anything is opened.
public enum ProcessSetup {
    /// Standard descriptors are taken, and there may be enough others: a kprobe needs one each.
    public static func prepare() {
        nt_tidy_environment()
        nt_prepare_descriptors()
    }

    /// The name of the program and its arguments. `CommandLine.arguments` is empty where there is no /proc.
    public static var commandLine: [String] {
        (0..<nt_argument_count()).map { String(cString: nt_argument($0)) }
    }

    /// Whether the standard descriptor was closed when the program started.
    public static func wasClosed(_ descriptor: Int32) -> Bool { nt_was_closed(descriptor) != 0 }

    /// Gives back what was needed to read the kernel's types and symbols, and is free again; and the pages of the program
    /// that were read to get there, most of which are not needed again: argument parsing, the catalog, libbpf.
    public static func returnFreeMemory() {
        nt_return_free_memory()
        nt_forget_program_pages()
    }
}
