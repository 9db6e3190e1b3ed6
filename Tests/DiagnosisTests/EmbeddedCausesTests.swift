import Diagnosis
import FoundationEssentials
import Testing
import Tracers

/// The causes and reasons that ship with nettrace.
struct EmbeddedCausesTests {
    private let catalog: CauseCatalog

    init() throws {
        catalog = try CauseCatalog.embedded()
    }

    @Test(arguments: ["6.1", "6.12", "6.18", "7.2"])
    func everyReasonOfEveryKernelIsExplained(kernel: String) throws {
        let names = try reasonNames(of: kernel)
        #expect(names.count > 50)
        let missing = names.filter { name in
            catalog.reason(named: name)?.shortName != DropReason.shortName(name)
        }
        #expect(missing.isEmpty, "add these to reasons in tracers.json")
    }

    @Test func everyCauseCanBeReached() {
        let fromReasons = Set(catalog.reasons.map(\.cause))
        let related = Set(catalog.causes.flatMap(\.related))
        for cause in catalog.causes {
            let isFound = !cause.locations.isEmpty || !cause.returns.isEmpty || !cause.refinements.isEmpty
            #expect(isFound || fromReasons.contains(cause.slug) || related.contains(cause.slug), "\(cause.slug)")
        }
    }

    @Test func causesOfHarmSayHowToCheckAndHowToFix() {
        for cause in catalog.causes where cause.severity >= .warning && cause.slug != "unspecified" {
            #expect(cause.check.contains { $0.command != nil }, "\(cause.slug)")
            #expect(!cause.fix.isEmpty, "\(cause.slug)")
            #expect(!cause.arises.isEmpty, "\(cause.slug)")
        }
    }

    @Test func textsFitTheScreen() {
        for cause in catalog.causes {
            #expect(cause.title.count <= 70, "\(cause.slug)")
            #expect((40...440).contains(cause.meaning.count), "\(cause.slug)")
            #expect(cause.arises.allSatisfy { $0.count <= 160 }, "\(cause.slug)")
            for step in cause.check + cause.fix {
                #expect(step.note.count <= 150, "\(cause.slug): \(step.note)")
                #expect((step.command?.count ?? 0) <= 140, "\(cause.slug): \(step.command ?? "")")
            }
        }
        for reason in catalog.reasons {
            #expect((10...190).contains(reason.meaning.count), "\(reason.name)")
        }
    }

    @Test func textsKeepToOneStyle() {
        for cause in catalog.causes {
            #expect(cause.title.last != ".", "\(cause.slug)")
            #expect(cause.meaning.last == ".", "\(cause.slug)")
            #expect(cause.arises.allSatisfy { $0.last != "." }, "\(cause.slug)")
        }
        for reason in catalog.reasons {
            #expect(reason.meaning.last == ".", "\(reason.name)")
        }
    }

    /// Other characters would be escaped on the terminal.
    @Test func textsAreASCII() {
        for cause in catalog.causes {
            let steps = (cause.check + cause.fix).flatMap { [$0.command ?? "", $0.note] }
            let texts = [cause.slug, cause.group, cause.title, cause.meaning] + cause.arises + steps
            #expect(texts.allSatisfy { $0.utf8.allSatisfy { (0x20...0x7e).contains($0) } }, "\(cause.slug)")
        }
        #expect(catalog.reasons.allSatisfy { $0.meaning.utf8.allSatisfy { (0x20...0x7e).contains($0) } })
        #expect(Placeholder.allCases.allSatisfy { $0.meaning.utf8.allSatisfy { (0x20...0x7e).contains($0) } })
    }

    /// A device may be called eth0.5: written with dots, sysctl(8) would look for a folder eth0.
    @Test func sysctlsOfDevicesAreWrittenWithSlashes() {
        for step in catalog.causes.flatMap({ $0.check + $0.fix }) {
            guard let command = step.command, command.hasPrefix("sysctl") else { continue }
            #expect(!command.contains("net."), "\(command)")
        }
    }

    @Test func everyPlaceholderIsUsed() {
        let texts = catalog.causes.flatMap { $0.check + $0.fix }.flatMap { [$0.command ?? "", $0.note] }
        let used = Set(texts.flatMap { Placeholder.all(in: $0) })
        #expect(Set(Placeholder.allCases).subtracting(used).isEmpty)
    }

    @Test func causesWithoutHarmStandForReasonsThatAreNormal() {
        for reason in catalog.reasons where reason.isNormal {
            let severity = catalog.cause(named: reason.cause)?.severity
            #expect(severity != .error, "\(reason.name)")
        }
        #expect(!catalog.isNormal(reason: "NO_SOCKET"))
        #expect(!catalog.isNormal(reason: "NETFILTER_DROP"))
        #expect(!catalog.isNormal(reason: "NOT_SPECIFIED"))
        #expect(!catalog.isNormal(reason: "NEVER_HEARD_OF"))
        #expect(catalog.isNormal(reason: "SKB_CONSUMED"))
        #expect(catalog.isNormal(reason: "SKB_DROP_REASON_OTHERHOST"))
    }

    @Test func groupsOfCausesAreFewAndLarge() {
        let groups = Dictionary(grouping: catalog.causes, by: \.group)
        #expect(groups.count <= 20)
        for (group, causes) in groups {
            #expect(causes.count >= 2, "\(group)")
        }
    }

    private func reasonNames(of kernel: String) throws -> [String] {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Fixtures/reasons/\(kernel).txt")
        return try String(decoding: Data(contentsOf: file), as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
