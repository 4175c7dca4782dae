// swift-tools-version: 6.2
// SPDX-License-Identifier: Apache-2.0
// The fuzzers of the Translation library. See README.md for how to run them.
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

// libFuzzer's driver only exists in a build with `--sanitize=fuzzer`; without it the target would not link.
let hasCoverage = Context.environment["FUZZ_COVERAGE"] != nil

let targets: Target.Dependency = .product(name: "FuzzTargets", package: "qwenproxyd")

let package = Package(
    name: "fuzz",
    dependencies: [.package(name: "qwenproxyd", path: "../..")],
    targets: [
        .executableTarget(name: "Fuzz", dependencies: [targets], swiftSettings: settings)
    ]
        + (hasCoverage
            ? [.executableTarget(name: "CoverageFuzz", dependencies: [targets], swiftSettings: settings)] : []),
)
