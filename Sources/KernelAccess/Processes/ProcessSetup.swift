import CSyscalls

/// Prepares the whole process, before anything is opened.
public enum ProcessSetup {
    /// Makes sure that the standard descriptors are open, and raises the limit of descriptors: each kprobe needs one.
    public static func prepare() {
        nt_tidy_environment()
        nt_prepare_descriptors()
    }

    /// The name of the program and its arguments. `CommandLine.arguments` is empty without /proc.
    public static var commandLine: [String] {
        (0..<nt_argument_count()).map { String(cString: nt_argument($0)) }
    }

    /// Whether this standard descriptor was closed when the program started.
    public static func wasClosed(_ descriptor: Int32) -> Bool { nt_was_closed(descriptor) != 0 }

    /// Returns memory that the reading of the kernel's types and symbols has freed, and the program's pages that the
    /// start has used, most of which are not needed again: argument parsing, the catalog, libbpf.
    public static func returnFreeMemory() {
        nt_return_free_memory()
        nt_forget_program_pages()
    }
}
