// swift-tools-version: 6.2
// The targets are the arrows of docs/architecture.md, nothing else.
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "qwenproxyd",
    products: [
        .executable(name: "qwenproxyd", targets: ["qwenproxyd"]),
        .executable(name: "qwenproxyctl", targets: ["qwenproxyctl"]),
        // For the fuzzer and the benchmarks, which are packages of their own.
        .library(name: "Translation", targets: ["Translation"]),
        .library(name: "FuzzTargets", targets: ["FuzzTargets"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/LebJe/TOMLKit", exact: "0.6.0"),
    ],
    targets: [
        .executableTarget(
            name: "qwenproxyd",
            dependencies: [
                "CJemalloc", "CLinux", "Catalog", "Configuration", "Control", "Credentials", "DaemonLogging", "Demo",
                "Gateway", "Knowledge", "Server", "ServiceManager", "Shared", "Translation", "Transport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            swiftSettings: settings,
        ),
        .executableTarget(
            name: "qwenproxyctl",
            dependencies: [
                "CLinux", "Catalog", "Shared",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: settings,
        ),
        .target(
            name: "Transport",
            dependencies: ["CCurl", "Shared"],
            exclude: ["README.md"],
            swiftSettings: settings,
        ),
        .target(
            name: "Server",
            dependencies: [
                "CLinux", "CZlib", "Shared",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            exclude: ["README.md"],
            swiftSettings: settings,
        ),
        .target(
            name: "Configuration",
            dependencies: [
                "Catalog", "Shared", "Translation",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "TOMLKit", package: "TOMLKit"),
            ],
            swiftSettings: settings,
        ),
        .target(
            name: "Credentials",
            dependencies: [
                "CCrypto", "CInotifyTools", "Configuration", "Shared", "Transport",
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["README.md"],
            swiftSettings: settings,
        ),
        .target(
            name: "Gateway",
            dependencies: [
                "Catalog", "Configuration", "Credentials", "Knowledge", "Server", "Shared", "Translation", "Transport",
                .product(name: "Logging", package: "swift-log"),
            ],
            exclude: ["README.md"],
            swiftSettings: settings,
        ),
        .target(
            name: "DaemonLogging",
            dependencies: [
                "CSystemd", "Shared",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings,
        ),
        .target(
            name: "ServiceManager",
            dependencies: [
                "CSystemd",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings,
        ),
        .target(
            name: "Control",
            dependencies: [
                "Server", "Shared",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings,
        ),
        .target(
            name: "Demo",
            dependencies: [
                "Server", "Shared", "Translation",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
            ],
            swiftSettings: settings,
        ),
        .target(
            name: "Catalog",
            dependencies: ["Shared", "Translation"],
            resources: [.embedInCode("catalog.json")],
            swiftSettings: settings,
        ),
        .target(name: "Knowledge", dependencies: ["Shared", "Translation"], swiftSettings: settings),
        .target(name: "Shared", swiftSettings: settings),
        .target(
            name: "Translation",
            dependencies: ["CByteMasks", "CJSONStrings"],
            exclude: ["README.md"],
            swiftSettings: settings + [.enableExperimentalFeature("Lifetimes")],
        ),
        .systemLibrary(name: "CByteMasks"),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .target(name: "CJSONStrings"),
        .target(name: "CJemalloc", linkerSettings: [.linkedLibrary("jemalloc")]),
        .systemLibrary(name: "CInotifyTools", providers: [.apt(["libinotifytools0-dev"])]),
        .target(name: "CLinux"),
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .target(name: "CSpawn", path: "Tests/CSpawn"),
        .target(
            name: "TestSupport",
            dependencies: [
                "CSpawn", "CZlib", "Shared",
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            path: "Tests/TestSupport",
            swiftSettings: settings,
        ),
        .target(
            name: "FuzzTargets", dependencies: ["Translation"], path: "Tests/FuzzTargets", swiftSettings: settings),
        .testTarget(name: "ArchitectureTests", swiftSettings: settings),
        .testTarget(
            name: "CatalogTests",
            dependencies: ["Catalog", "Shared", "TestSupport", "Translation"],
            swiftSettings: settings,
        ),
        .testTarget(
            name: "ConfigurationTests",
            dependencies: [
                "Catalog", "Configuration", "Shared", "TestSupport", "Translation",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings,
        ),
        .testTarget(
            name: "ControlTests",
            dependencies: [
                "Catalog", "Control", "Shared", "TestSupport", "qwenproxyctl", "qwenproxyd",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings,
        ),
        .testTarget(
            name: "CredentialsTests",
            dependencies: ["Configuration", "Credentials", "TestSupport"],
            swiftSettings: settings,
        ),
        .testTarget(
            name: "DaemonLoggingTests",
            dependencies: [
                "DaemonLogging", "Shared",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings,
        ),
        .testTarget(
            name: "DaemonTests",
            dependencies: [
                "Configuration", "Server", "Shared", "TestSupport", "qwenproxyd",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings,
        ),
        .testTarget(
            name: "DemoTests",
            dependencies: ["Demo", "Translation"],
            swiftSettings: settings,
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: ["Shared", "TestSupport", "qwenproxyctl", "qwenproxyd"],
            swiftSettings: settings,
        ),
        .testTarget(
            name: "GatewayTests",
            dependencies: [
                "Catalog", "Configuration", "Credentials", "Gateway", "Knowledge", "Server", "Shared", "Translation",
                "Transport",
            ],
            swiftSettings: settings,
        ),
        .testTarget(
            name: "KnowledgeTests", dependencies: ["Knowledge", "Shared", "Translation"], swiftSettings: settings),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "Shared", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
            ],
            swiftSettings: settings,
        ),
        .testTarget(
            name: "ServiceManagerTests",
            dependencies: [
                "ServiceManager", "TestSupport",
                .product(name: "Logging", package: "swift-log"),
            ],
            swiftSettings: settings,
        ),
        .testTarget(name: "SharedTests", dependencies: ["Shared", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "SystemTests",
            dependencies: ["TestSupport"],
            exclude: ["Scenarios", "machine", "user-manager"],
            swiftSettings: settings,
        ),
        .testTarget(name: "TestSupportTests", dependencies: ["TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "TranslationFuzzTests", dependencies: ["FuzzTargets", "TestSupport"], swiftSettings: settings),
        .testTarget(
            name: "TranslationTests", dependencies: ["TestSupport", "Translation"], swiftSettings: settings),
        .testTarget(
            name: "TransportTests",
            dependencies: ["Shared", "TestSupport", "Transport"],
            swiftSettings: settings,
        ),
    ],
)
