import CSyscalls

/// What has to hold for the whole process before anything is opened.
public enum ProcessSetup {
    /// Standard descriptors are taken, and there may be enough others: a kprobe needs one each.
    public static func prepareDescriptors() { nt_prepare_descriptors() }

    /// Gives back what was needed to read the kernel's types and symbols, and is free again.
    public static func returnFreeMemory() { nt_return_free_memory() }
}
