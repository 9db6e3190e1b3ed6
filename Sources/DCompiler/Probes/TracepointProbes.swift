import DLanguage
import KernelTypes

/// `sdt:net::netif_receive_skb`: every tracepoint, with the arguments of its prototype.
struct TracepointProbes {
    let probes: [Probe]

    init(_ types: TypeStore, _ categories: [String: String]) {
        guard let kernel = types.kernel else {
            probes = []
            return
        }
        var found: [String] = []
        for number in kernel.ids {
            let id = TypeID(number)
            // include/linux/tracepoint.h and kernel/bpf: `typedef void (*btf_trace_NAME)(void *, …)`.
            guard let record = kernel.record(id), record.kind == .typedef,
                let name = Self.tracepoint(record, of: kernel)
            else { continue }
            found.append(name)
        }
        probes = found.compactMap { name in
            guard let category = categories.isEmpty ? "" : categories[name] else { return nil }
            return Probe("sdt", module: category, name: name, site: .tracepoint(name, .plain))
        }.sorted { ($0.module, $0.name) < ($1.module, $1.name) }
    }

    private static func tracepoint(_ record: TypeRecord, of kernel: TypeTable) -> String? {
        let prefix = "btf_trace_"
        return kernel.withName(record.name) { bytes in
            guard bytes.count > prefix.utf8.count, bytes.prefix(prefix.utf8.count).elementsEqual(prefix.utf8) else {
                return nil
            }
            return String(decoding: bytes.dropFirst(prefix.utf8.count), as: UTF8.self)
        } ?? nil
    }
}
