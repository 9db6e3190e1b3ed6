import ArgumentParser
import Diagnosis
import FoundationEssentials
import Tracers

/// `--tracers FILE`, or the built-in tracers.json. An error in the file ends the program with status 64.
struct CatalogFile {
    /// nil: the embedded one.
    private let path: String?

    init(_ path: String?) { self.path = path }

    func tracers() throws -> TracerCatalog {
        guard let path else { return try TracerCatalog.embedded() }
        return try decode(bytes(of: path)) { try TracerCatalog(json: $0) }
    }

    func causes() throws -> CauseCatalog {
        guard let path else { return try CauseCatalog.embedded() }
        return try decode(bytes(of: path)) { try CauseCatalog(json: $0, tracers: TracerCatalog(json: $0)) }
    }

    private func bytes(of path: String) throws -> Data {
        do {
            return try Data(contentsOf: URL(filePath: path))
        } catch {
            throw ValidationError("--tracers '\(path)': the file cannot be read; name a copy of tracers.json")
        }
    }

    private func decode<Catalog>(_ bytes: Data, _ decode: (Data) throws -> Catalog) throws -> Catalog {
        do {
            return try decode(bytes)
        } catch {
            throw ValidationError("--tracers '\(path ?? "")': \(error)")
        }
    }
}
