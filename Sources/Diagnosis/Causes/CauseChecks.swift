import Tracers

// Checks of single values, each with its path for the error.
extension CauseBuilder {
    func check(slug: String, path: String) throws(TracerCatalogError) {
        let isPlain = slug.utf8.allSatisfy {
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
                || $0 == UInt8(ascii: "-")
        }
        guard isPlain, let first = slug.first, first.isLetter else {
            throw .invalid(
                path: path, problem: "\"\(slug)\" is no slug", remedy: "use lower-case letters, digits and -")
        }
    }

    func refinements(
        _ documents: [RefinementDocument], path: String
    ) throws(TracerCatalogError) -> [Cause.Refinement] {
        var refinements: [Cause.Refinement] = []
        for (position, document) in documents.enumerated() {
            let kind = document.packet.flatMap { PacketKind(named: $0) }
            if let name = document.packet, kind == nil {
                throw .invalid(
                    path: "\(path)[\(position)].packet", problem: "\"\(name)\" is no kind of packets",
                    remedy: "use \(PacketKind.named.map(\.name).joined(separator: ", ")), or leave it out")
            }
            refinements.append(
                Cause.Refinement(reason: document.reason, location: document.location, kind: kind))
        }
        return refinements
    }

    func check(text: String, path: String) throws(TracerCatalogError) {
        guard !text.isEmpty, !text.contains(where: \.isNewline) else {
            throw .invalid(path: path, problem: "the text is empty or has several lines", remedy: "write one line")
        }
    }

    /// nstat(8) prefixes counters with the protocol: TcpExtListenDrops, Ip6InNoRoutes.
    func check(counter: String, path: String) throws(TracerCatalogError) {
        let protocols = ["Ip", "Icmp", "Tcp", "Udp", "Mptcp"]
        guard CatalogName.isIdentifier(counter), protocols.contains(where: { counter.hasPrefix($0) }) else {
            throw .invalid(
                path: path, problem: "\"\(counter)\" is no counter of nstat",
                remedy: "write it as nstat -az does: TcpExtListenDrops")
        }
    }

    func check(function name: String, path: String) throws(TracerCatalogError) {
        guard CatalogName.isIdentifier(name) else {
            throw .invalid(
                path: path, problem: "\"\(name)\" is no name of a kernel function",
                remedy: "write the C name, without + and without suffixes like .isra.0")
        }
    }

    func unansweredRequests(_ names: [String], path: String) throws(TracerCatalogError) -> [UnansweredRequest] {
        var unansweredRequests: [UnansweredRequest] = []
        for (position, name) in names.enumerated() {
            guard let unanswered = UnansweredRequest(rawValue: name) else {
                throw .invalid(
                    path: "\(path)[\(position)]", problem: "\"\(name)\" is no packet that the kernel may not answer",
                    remedy: "use \(UnansweredRequest.allCases.map(\.rawValue).joined(separator: ", "))")
            }
            unansweredRequests.append(unanswered)
        }
        return unansweredRequests
    }

    func check(placeholdersOf text: String, path: String) throws(TracerCatalogError) {
        for word in Placeholder.words(in: text) where Placeholder(rawValue: String(word)) == nil {
            let known = Placeholder.allCases.map(\.rawValue)
            let near = nearestNames(to: String(word), in: known, limit: 1).first
            throw .invalid(
                path: path, problem: "unknown placeholder {\(word)}",
                remedy: near.map { "did you mean {\($0)}?" } ?? "use \(known.joined(separator: ", "))")
        }
    }
}

extension CauseBuilder {
    func counter(_ document: CounterDocument, path: String) throws(TracerCatalogError) -> Counter {
        try check(text: document.meaning, path: "\(path).meaning")
        for (position, slug) in document.causes.enumerated() where index.causeBySlug[slug] == nil {
            throw .invalid(
                path: "\(path).causes[\(position)]", problem: "there is no cause \"\(slug)\"",
                remedy: nearestNames(to: slug, in: index.causeBySlug.keys, limit: 1).first.map { "did you mean \($0)?" }
                    ?? "name a cause of this file")
        }
        return Counter(
            names: document.names, source: document.source, meaning: document.meaning, causes: document.causes,
            trace: document.trace)
    }
}
