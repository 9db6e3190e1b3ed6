// swift-tools-version: 6.2
import PackageDescription

// One direction only: a target may import what its line names and nothing else.
// `make lint` checks the imports against the graph in docs/ARCHITECTURE.md.

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableExperimentalFeature("Lifetimes"),
]

let programDependencies: [Target.Dependency] = [
    "Capture", "Culprits",
    "Analysis", "AttachPlanning", "CNettraceBPF", "CaptureFiles", "DCompiler", "DLanguage", "DRuntime", "Diagnosis",
    "Events", "FilterLanguage", "HostInspection", "KernelAccess", "KernelTypes", "NameLookup", "PacketFilter",
    "PacketReports",
    "Pipeline", "Protocols", "Recording", "Rendering", "Snoop", "Text", "Tracers",
    .product(name: "ArgumentParser", package: "swift-argument-parser"),
    .product(name: "SystemPackage", package: "swift-system"),
]

let package = Package(
    name: "nettrace",
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
    ],
    targets: [
        .systemLibrary(name: "CLibBPF"),
        .target(name: "CSyscalls"),
        .target(name: "CAllocationCounter"),
        .target(name: "CLibPCap", linkerSettings: [.linkedLibrary("pcap")]),
        .target(
            name: "CNettraceBPF",
            dependencies: ["CLibBPF"],
            path: "BPF",
            sources: ["replay.c", "skeleton.c", "tracers.c"],
            publicHeadersPath: "include",
            cSettings: [.headerSearchPath("../build/bpf")],
            linkerSettings: [.linkedLibrary("bpf"), .linkedLibrary("elf"), .linkedLibrary("z")]
        ),

        .target(name: "Tracers", dependencies: ["CNettraceBPF"], swiftSettings: strict),
        .target(name: "Events", dependencies: ["CNettraceBPF"], swiftSettings: strict),
        .target(name: "Text", swiftSettings: strict),
        .target(
            name: "DCompiler", dependencies: ["BPFCode", "DLanguage", "KernelTypes", "Tracers"], swiftSettings: strict),
        .target(name: "DRuntime", dependencies: ["DCompiler", "DLanguage", "Text"], swiftSettings: strict),
        .target(name: "Protocols", dependencies: ["Text"], swiftSettings: strict),
        .target(name: "BPFCode", swiftSettings: strict),
        .target(name: "FilterLanguage", dependencies: ["Protocols"], swiftSettings: strict),
        .target(
            name: "CaptureFiles", dependencies: ["Text", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: strict),
        .target(
            name: "PacketFilter", dependencies: ["BPFCode", "CLibPCap", "CNettraceBPF", "FilterLanguage", "Protocols"],
            swiftSettings: strict),
        .target(
            name: "Capture",
            dependencies: [
                "CSyscalls", "CaptureFiles", "Netlink", "PacketFilter", "Text",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "PacketReports", dependencies: ["CaptureFiles", "Protocols", "Text"], swiftSettings: strict),
        .target(name: "KernelTypes", swiftSettings: strict),
        .target(name: "AttachPlanning", dependencies: ["KernelTypes", "Tracers"], swiftSettings: strict),
        .target(
            name: "KernelAccess",
            dependencies: [
                "AttachPlanning", "BPFCode", "KernelTypes", "Tracers", "CNettraceBPF", "CLibBPF", "CSyscalls",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict
        ),
        .target(name: "CDLibrary"),
        .target(
            name: "DLanguage", dependencies: ["CDLibrary", "KernelTypes", "Text", "Tracers"], swiftSettings: strict),
        .target(name: "Analysis", dependencies: ["Events", "Protocols", "Tracers"], swiftSettings: strict),
        .target(
            name: "Diagnosis", dependencies: ["Analysis", "Events", "Protocols", "Tracers"], swiftSettings: strict),
        .target(
            name: "Pipeline", dependencies: ["Analysis", "Diagnosis", "Events", "Text"], swiftSettings: strict),
        .target(
            name: "Culprits",
            dependencies: ["Diagnosis", "HostInspection", "NetfilterRules", "Netlink", "Protocols", "Tracers"],
            swiftSettings: strict),
        .target(
            name: "Rendering",
            dependencies: [
                "Analysis", "AttachPlanning", "CaptureFiles", "Diagnosis", "Events", "Protocols", "Pipeline", "Text",
                "Tracers",
            ],
            swiftSettings: strict),
        .target(
            name: "Recording", dependencies: [.product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: strict),
        .target(name: "NetfilterRules", dependencies: ["Protocols"], swiftSettings: strict),
        .target(name: "Netlink", dependencies: ["CSyscalls", "Protocols"], swiftSettings: strict),
        .target(
            name: "HostInspection",
            dependencies: [
                "CLibBPF", "CSyscalls", "Netlink", .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "Snoop", dependencies: ["CaptureFiles", "FilterLanguage", "Protocols", "Text"], swiftSettings: strict),
        .target(name: "NameLookup", dependencies: ["Protocols"], swiftSettings: strict),
        .target(name: "NettraceCLI", dependencies: programDependencies, swiftSettings: strict),
        .executableTarget(name: "nettrace", dependencies: ["NettraceCLI"], swiftSettings: strict),
        .executableTarget(
            name: "nettrace-bench",
            dependencies: [
                "Analysis", "CaptureFiles", "Events", "FilterLanguage", "Pipeline", "Protocols", "Rendering", "Snoop",
                "Text", "Tracers", "CAllocationCounter", "CNettraceBPF", "CLibBPF", "CSyscalls",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Sources/Benchmarks",
            swiftSettings: strict,
            linkerSettings: [
                .unsafeFlags(
                    ["malloc", "calloc", "realloc", "aligned_alloc", "posix_memalign"].flatMap {
                        ["-Xlinker", "--wrap=\($0)"]
                    })
            ]
        ),
        .executableTarget(name: "ScenarioRunner", path: "Tests/ScenarioRunner", swiftSettings: strict),
        .testTarget(
            name: "NettraceCLITests",
            dependencies: [
                "Analysis", "AttachPlanning", "Capture", "Diagnosis", "Events", "FilterLanguage", "HostInspection",
                "KernelAccess", "NettraceCLI", "PacketFilter", "Pipeline", "Protocols", "Recording", "Rendering",
                "Snoop", "Text", "Tracers",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "CodeInterpreter", dependencies: ["BPFCode"], path: "Tests/CodeInterpreter", swiftSettings: strict),
        .testTarget(
            name: "BPFCodeTests", dependencies: ["BPFCode", "CodeInterpreter"], exclude: ["Fixtures"],
            swiftSettings: strict),
        .target(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
        .target(
            name: "FuzzTargets",
            dependencies: programDependencies + [
                "CFuzzer", "CLibBPF", "CLibPCap", "FilterInterpreter", "NetfilterRules",
                "Netlink",
                "NettraceCLI",
            ],
            path: "Tests/Fuzz/Targets", swiftSettings: strict),
        .executableTarget(
            name: "nettrace-fuzz", dependencies: ["CFuzzer", "FuzzTargets"], path: "Tests/Fuzz/Program",
            swiftSettings: strict),
        .testTarget(
            name: "FuzzTests", dependencies: ["CFuzzer", "FuzzTargets", "PacketFilter"], path: "Tests/Fuzz/Replay",
            swiftSettings: strict),
        .target(
            name: "FilterInterpreter", dependencies: ["CNettraceBPF", "CodeInterpreter", "PacketFilter"],
            path: "Tests/FilterInterpreter", swiftSettings: strict),
        .testTarget(name: "ScenarioRunnerTests", dependencies: ["ScenarioRunner"], swiftSettings: strict),

        .testTarget(
            name: "CulpritsTests",
            dependencies: [
                "Culprits", "Diagnosis", "HostInspection", "NetfilterRules", "Netlink", "Protocols", "Tracers",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "AttachPlanningTests", dependencies: ["AttachPlanning", "KernelTypes", "Tracers"],
            swiftSettings: strict),
        .testTarget(name: "DLanguageTests", dependencies: ["DLanguage", "KernelTypes"], swiftSettings: strict),
        .testTarget(name: "KernelTypesTests", dependencies: ["KernelTypes"], swiftSettings: strict),
        .testTarget(
            name: "KernelAccessTests",
            dependencies: [
                "KernelAccess", "AttachPlanning", "BPFCode", "CodeInterpreter", "KernelTypes", "Tracers", "CLibBPF",
                "CNettraceBPF",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .testTarget(name: "NameLookupTests", dependencies: ["NameLookup", "Protocols"], swiftSettings: strict),
        .testTarget(
            name: "SnoopTests",
            dependencies: ["CaptureFiles", "FilterLanguage", "PacketAgreement", "Protocols", "Snoop", "Text"],
            swiftSettings: strict),
        .testTarget(
            name: "DCompilerTests",
            dependencies: [
                "BPFCode", "CodeInterpreter", "DCompiler", "DLanguage", "DRuntime", "KernelTypes", "Text",
            ],
            swiftSettings: strict),
        .testTarget(
            name: "DRuntimeTests", dependencies: ["DCompiler", "DLanguage", "DRuntime", "Text"], swiftSettings: strict),
        .testTarget(name: "TextTests", dependencies: ["Text"], swiftSettings: strict),
        .testTarget(name: "TracersTests", dependencies: ["Tracers"], swiftSettings: strict),
        .testTarget(
            name: "DiagnosisTests", dependencies: ["Analysis", "Diagnosis", "Protocols", "Tracers"],
            swiftSettings: strict),
        .testTarget(name: "PipelineTests", dependencies: ["Diagnosis", "Pipeline"], swiftSettings: strict),
        .testTarget(
            name: "PacketFilterTests",
            dependencies: [
                "BPFCode", "FilterInterpreter", "FilterLanguage", "PacketAgreement", "PacketFilter", "Protocols",
                "CLibPCap", "CNettraceBPF",
            ],
            swiftSettings: strict),
        .testTarget(name: "EventsTests", dependencies: ["Events", "CNettraceBPF"], swiftSettings: strict),
        .testTarget(
            name: "CaptureFilesTests",
            dependencies: [
                "CaptureFiles", "Text", .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["Samples"], swiftSettings: strict),
        .testTarget(
            name: "CaptureTests",
            dependencies: [
                "Capture", "CaptureFiles", "CSyscalls", "PacketFilter", "Text",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "PacketReportsTests",
            dependencies: [
                "CaptureFiles", "PacketReports", "Protocols", "Text",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            exclude: ["Expected"], swiftSettings: strict),
        .testTarget(
            name: "RecordingTests",
            dependencies: ["Recording", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: strict),
        .target(
            name: "PacketAgreement", dependencies: ["Protocols"], path: "Tests/PacketAgreement", swiftSettings: strict),
        .testTarget(
            name: "ProtocolsTests", dependencies: ["PacketAgreement", "Protocols"], exclude: ["Packets"],
            swiftSettings: strict),
        .testTarget(
            name: "FilterLanguageTests", dependencies: ["FilterLanguage", "PacketAgreement", "Protocols"],
            swiftSettings: strict),
        .testTarget(
            name: "AnalysisTests",
            dependencies: [
                "Analysis", "Events", "PacketAgreement", "Protocols", "Recording", "Tracers", "CNettraceBPF",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "NetfilterRulesTests", dependencies: ["NetfilterRules"],
            exclude: ["Rulesets", "differential"], swiftSettings: strict),
        .testTarget(
            name: "NetlinkTests", dependencies: ["Netlink", "Protocols"], exclude: ["Recorded"], swiftSettings: strict),
        .testTarget(
            name: "HostInspectionTests", dependencies: ["HostInspection", "Netlink", "Protocols"], swiftSettings: strict
        ),
        .testTarget(
            name: "RenderingTests",
            dependencies: [
                "Analysis", "AttachPlanning", "CaptureFiles", "Diagnosis", "Rendering", "Events", "Protocols",
                "Pipeline",
                "Text", "Tracers",
                "CNettraceBPF",
            ],
            swiftSettings: strict),
    ],
    cLanguageStandard: .gnu2x
)

// NETTRACE_SANITIZE: for a release build of the tests under a sanitizer (Tests/sanitize). Only code in which tests spend
// their time is optimised: the rest of it would take most of the build's time.
if Context.environment["NETTRACE_SANITIZE"] != nil {
    let untimed = ["Culprits", "HostInspection", "NettraceCLI"]
    for target in package.targets where [.test, .executable].contains(target.type) || untimed.contains(target.name) {
        target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-Onone"])]
    }
}

// NETTRACE_ONLY="A B": these targets and what they need, for a short build (Tests/sanitize thread, or work on one module).
if let only = Context.environment["NETTRACE_ONLY"] {
    var wanted = only.split(separator: " ").map(String.init)
    var found: Set<String> = []
    while let name = wanted.popLast() {
        found.insert(name)
        guard let target = package.targets.first(where: { $0.name == name }) else { continue }
        for case .byNameItem(let needed, _) in target.dependencies { wanted.append(needed) }
    }
    package.targets.removeAll { !found.contains($0.name) }
}
