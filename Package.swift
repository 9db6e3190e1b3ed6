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
    "Culprits",
    "Analysis", "AttachPlanning", "CNettraceBPF", "Diagnosis", "Events", "HostInspection", "KernelAccess",
    "PacketDecoding", "PacketFilter", "Pipeline",
    "Recording", "Rendering", "Tracers",
    .product(name: "ArgumentParser", package: "swift-argument-parser"),
    .product(name: "SystemPackage", package: "swift-system"),
]

// Fuzzing (Tests/Fuzz/run) calls the program's functions: what it links has to be a library, without a main function.
let isFuzzed = Context.environment["NETTRACE_FUZZ"] != nil
let program: Target =
    isFuzzed
    ? .target(
        name: "nettrace", dependencies: programDependencies,
        swiftSettings: strict + [
            .unsafeFlags(["-Xfrontend", "-entry-point-function-name", "-Xfrontend", "nettrace_main"])
        ])
    : .executableTarget(name: "nettrace", dependencies: programDependencies, swiftSettings: strict)

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
        .target(name: "PacketDecoding", swiftSettings: strict),
        .target(name: "BPFAssembly", swiftSettings: strict),
        .target(
            name: "PacketFilter", dependencies: ["BPFAssembly", "CLibPCap", "CNettraceBPF"], swiftSettings: strict),
        .target(name: "AttachPlanning", dependencies: ["Tracers"], swiftSettings: strict),
        .target(
            name: "KernelAccess",
            dependencies: [
                "AttachPlanning", "BPFAssembly", "Tracers", "CNettraceBPF", "CLibBPF", "CSyscalls",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict
        ),
        .target(name: "Analysis", dependencies: ["Events", "PacketDecoding", "Tracers"], swiftSettings: strict),
        .target(
            name: "Diagnosis", dependencies: ["Analysis", "Events", "PacketDecoding", "Tracers"], swiftSettings: strict),
        .target(name: "Pipeline", dependencies: ["Diagnosis"], swiftSettings: strict),
        .target(
            name: "Culprits",
            dependencies: ["Diagnosis", "HostInspection", "NetfilterRules", "Netlink", "PacketDecoding"],
            swiftSettings: strict),
        .target(
            name: "Rendering",
            dependencies: [
                "Analysis", "AttachPlanning", "Diagnosis", "Events", "PacketDecoding", "Pipeline", "Tracers",
            ],
            swiftSettings: strict),
        .target(
            name: "Recording", dependencies: [.product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: strict),
        .target(name: "NetfilterRules", swiftSettings: strict),
        .target(name: "Netlink", dependencies: ["CSyscalls"], swiftSettings: strict),
        .target(
            name: "HostInspection",
            dependencies: [
                "CLibBPF", "CSyscalls", "Netlink", .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        program,
        .executableTarget(
            name: "nettrace-bench",
            dependencies: [
                "Analysis", "Events", "PacketDecoding", "Rendering", "Tracers",
                "CAllocationCounter", "CNettraceBPF", "CLibBPF", "CSyscalls",
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
            name: "NettraceTests",
            dependencies: [
                "Analysis", "Diagnosis", "Events", "HostInspection", "KernelAccess", "PacketFilter", "Pipeline",
                "Recording",
                "Rendering", "nettrace",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .target(
            name: "FilterInterpreter", dependencies: ["CNettraceBPF", "PacketFilter"], path: "Tests/FilterInterpreter",
            swiftSettings: strict),
        .testTarget(name: "ScenarioRunnerTests", dependencies: ["ScenarioRunner"], swiftSettings: strict),

        .testTarget(
            name: "CulpritsTests",
            dependencies: ["Culprits", "Diagnosis", "HostInspection", "NetfilterRules", "Netlink", "PacketDecoding"],
            swiftSettings: strict),
        .testTarget(
            name: "AttachPlanningTests", dependencies: ["AttachPlanning", "Tracers"], swiftSettings: strict),
        .testTarget(
            name: "KernelAccessTests",
            dependencies: [
                "KernelAccess", "AttachPlanning", "Tracers", "CLibBPF", "CNettraceBPF",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .testTarget(name: "TracersTests", dependencies: ["Tracers"], swiftSettings: strict),
        .testTarget(
            name: "DiagnosisTests", dependencies: ["Analysis", "Diagnosis", "PacketDecoding", "Tracers"],
            swiftSettings: strict),
        .testTarget(name: "PipelineTests", dependencies: ["Diagnosis", "Pipeline"], swiftSettings: strict),
        .testTarget(
            name: "PacketFilterTests",
            dependencies: ["BPFAssembly", "FilterInterpreter", "PacketFilter", "CLibPCap", "CNettraceBPF"],
            swiftSettings: strict),
        .testTarget(name: "EventsTests", dependencies: ["Events", "CNettraceBPF"], swiftSettings: strict),
        .testTarget(
            name: "RecordingTests",
            dependencies: ["Recording", .product(name: "SystemPackage", package: "swift-system")],
            swiftSettings: strict),
        .testTarget(name: "PacketDecodingTests", dependencies: ["PacketDecoding"], swiftSettings: strict),
        .testTarget(
            name: "AnalysisTests",
            dependencies: [
                "Analysis", "Events", "Recording", "Tracers", "CNettraceBPF",
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            swiftSettings: strict),
        .testTarget(
            name: "NetfilterRulesTests", dependencies: ["NetfilterRules"],
            exclude: ["Rulesets", "differential"], swiftSettings: strict),
        .testTarget(name: "NetlinkTests", dependencies: ["Netlink"], exclude: ["Recorded"], swiftSettings: strict),
        .testTarget(
            name: "HostInspectionTests", dependencies: ["HostInspection", "Netlink"], swiftSettings: strict),
        .testTarget(
            name: "RenderingTests",
            dependencies: [
                "Analysis", "AttachPlanning", "Diagnosis", "Rendering", "Events", "PacketDecoding", "Pipeline",
                "Tracers",
                "CNettraceBPF",
            ],
            swiftSettings: strict),
    ],
    cLanguageStandard: .gnu2x
)

if isFuzzed {
    package.targets += [
        .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
        .executableTarget(
            name: "nettrace-fuzz",
            dependencies: programDependencies + [
                "CFuzzer", "CLibBPF", "CLibPCap", "FilterInterpreter", "NetfilterRules", "Netlink", "nettrace",
            ],
            path: "Tests/Fuzz", exclude: ["run", "seeds", "corpus", "CFuzzer", "ReplayTests.swift"],
            swiftSettings: strict),
    ]
} else {
    package.targets += [
        .systemLibrary(name: "CFuzzer", path: "Tests/Fuzz/CFuzzer"),
        .testTarget(
            name: "FuzzTests",
            dependencies: programDependencies + [
                "CFuzzer", "CLibBPF", "CLibPCap", "FilterInterpreter", "NetfilterRules", "Netlink", "nettrace",
            ],
            path: "Tests/Fuzz", exclude: ["run", "seeds", "corpus", "CFuzzer", "main.swift"], swiftSettings: strict),
    ]
}

// ThreadSanitizer (Tests/sanitize thread): the tests of what has threads, and what these need.
if Context.environment["NETTRACE_THREADS"] != nil {
    var wanted = ["HostInspectionTests", "KernelAccessTests", "PacketFilterTests"]
    var found: Set<String> = []
    while let name = wanted.popLast() {
        found.insert(name)
        guard let target = package.targets.first(where: { $0.name == name }) else { continue }
        for case .byNameItem(let needed, _) in target.dependencies { wanted.append(needed) }
    }
    package.targets.removeAll { !found.contains($0.name) }
}
