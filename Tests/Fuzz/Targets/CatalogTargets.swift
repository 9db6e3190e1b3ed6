import Diagnosis
import Tracers

/// The tracer tree, which users may replace, and selections from it.
enum CatalogTargets {
    static func catalog(_ bytes: UnsafeRawBufferPointer) {
        guard let tracers = try? TracerCatalog(json: bytes) else { return }
        _ = try? CauseCatalog(json: bytes, tracers: tracers)
        _ = try? TracerSelection(wanted: ["all"], from: tracers)
    }

    /// `-t` and `--tracer-exclude`, separated by a NUL; their patterns are matched with names.
    static func selection(_ bytes: UnsafeRawBufferPointer) {
        var input = FuzzInput(bytes)
        let wanted = input.text().split(separator: ",").map(String.init)
        let excluded = input.text().split(separator: ",").map(String.init)
        for pattern in wanted { _ = Glob(pattern).matches("ip6_finish_output2") }
        do throws(TracerSelectionError) {
            _ = try TracerSelection(wanted: wanted, excluded: excluded, from: SmallCatalog.tracers)
        } catch {
            _ = error.description
        }
    }
}
