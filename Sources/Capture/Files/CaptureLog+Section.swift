import CaptureFiles
public import SystemPackage

extension CaptureLog {
    /// Opens or makes a pcapng file for another writer, which appends a section of its own. The checks are those of a log, and
    /// what an older run has left incomplete is removed.
    ///
    /// - Returns: the descriptor, which the caller closes, and remarks on what was found.
    public static func openForSection(
        _ settings: Settings
    ) throws(LogFailure) -> (descriptor: FileDescriptor, notes: [String]) {
        let name = settings.path.lastComponent?.string ?? ""
        let folder = try LogFolder(of: settings.path)
        try requireLocal(folder, name, settings.path.string)
        let file = try LogFile(name, in: folder, path: settings.path.string, format: .pcapng, isNew: false)
        let removed = "\(settings.path) ended inside a record, whose \(file.removed) bytes were removed"
        do {
            return (try file.duplicate(), file.removed > 0 ? [removed] : [])
        } catch {
            throw .cannotOpen(path: settings.path.string, error)
        }
    }
}
