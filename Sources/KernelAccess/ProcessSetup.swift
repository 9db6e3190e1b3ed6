import CSyscalls

/// What has to hold for the whole process before anything is opened.
public enum ProcessSetup {
    /// Standard descriptors are taken, and there may be enough others: a kprobe needs one each.
    public static func prepareDescriptors() { nt_prepare_descriptors() }

    /// Gives back what was needed to read the kernel's types and symbols, and is free again; and the pages of the program
    /// that were read to get there, most of which are not needed again: argument parsing, the catalog, libbpf.
    public static func returnFreeMemory() {
        nt_return_free_memory()
        nt_forget_program_pages()
    }
}
