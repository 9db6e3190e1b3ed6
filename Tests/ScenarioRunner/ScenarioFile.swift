import Foundation

/// The file of a scenario or fault, in a folder of the command line or in one of its sub-folders.
struct ScenarioFile {
    /// The folder of the command line; scripts that its scenarios share lie there.
    let folder: String
    /// Relative to `folder`.
    private let place: String

    var path: String { "\(folder)/\(place)" }
    /// The file's name without `.json`.
    var name: String { String(place.split(separator: "/").last?.dropLast(5) ?? "") }

    /// The files that the arguments choose: folder by folder, sorted by name, wherever they lie in it.
    static func all(of arguments: Arguments) throws -> [ScenarioFile] {
        try arguments.folders.flatMap { folder in
            try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".json") }
                .map { ScenarioFile(folder: folder.path, place: $0) }.sorted { $0.name < $1.name }
                .enumerated().filter { folder.part.contains($0.offset) }.map(\.element)
                .filter { fnmatch(arguments.filter, $0.name, 0) == 0 }
        }
    }
}
