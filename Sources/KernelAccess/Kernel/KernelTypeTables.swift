import CLibBPF
public import KernelTypes
import SystemPackage

extension TypeTable {
    /// The types of the running kernel.
    public static func ofKernel() throws(KernelError) -> TypeTable {
        guard let bytes = (try? readFile("/sys/kernel/btf/vmlinux")) ?? fromKernelImage() else {
            throw noTypes(-currentErrno())
        }
        do {
            return try TypeTable(bytes)
        } catch {
            throw noTypes(-Errno.invalidArgument.rawValue)
        }
    }

    private static func noTypes(_ result: Int32) -> KernelError {
        KernelError(
            "cannot read the kernel's type information (BTF)", result: result,
            remedy: "nettrace needs a kernel built with CONFIG_DEBUG_INFO_BTF=y (/sys/kernel/btf/vmlinux)")
    }

    /// btf__load_vmlinux_btf(3) also looks for the kernel's image, where distributions put it.
    private static func fromKernelImage() -> [UInt8]? {
        guard let btf = btf__load_vmlinux_btf() else { return nil }
        defer { btf__free(btf) }
        var size: UInt32 = 0
        guard let data = btf__raw_data(btf, &size) else { return nil }
        return Array(UnsafeRawBufferPointer(start: data, count: Int(size)))
    }

    /// The types of the loaded modules that have some (since 5.11), with their names.
    static func ofModules(over kernel: TypeTable) -> some Sequence<(name: String, types: TypeTable)> {
        directoryEntries("/sys/kernel/btf").lazy.filter { $0 != "vmlinux" }.compactMap { module in
            guard let bytes = try? readFile(FilePath("/sys/kernel/btf").appending(module)) else { return nil }
            return (try? TypeTable(bytes, base: kernel)).map { (module, $0) }
        }
    }
}
