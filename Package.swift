// swift-tools-version: 6.1
import PackageDescription

let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
]

/// Targets in dependency order: a module imports only what stands above it.
///
/// `tools/check` enforces it with `--explicit-target-dependency-import-check error`.
let package = Package(
  name: "fercure",
  platforms: [.macOS(.v15)],
  products: [.executable(name: "fercure", targets: ["CLI"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // C libraries: a module map and what Swift cannot call, no logic.
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"]), .brew(["libpng"])]),
    .target(name: "CJPEG", linkerSettings: [.linkedLibrary("jpeg")]),
    .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"]), .brew(["onednn"])]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas", providers: [.apt(["libopenblas-dev"]), .brew(["openblas"])]),
    // Loops that are compiled for several processors, which Swift cannot do.
    .target(name: "CVectorMath"),

    .target(name: "Randomness", swiftSettings: settings),
    .target(name: "Imaging", dependencies: ["CPNG", "CJPEG", "Randomness"], swiftSettings: settings),
    .target(
      name: "Curation",
      dependencies: [
        "COpenBLAS", "Imaging", "Randomness",
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "Crypto", package: "swift-crypto"),
      ],
      swiftSettings: settings),
    .target(name: "NeuralNet", dependencies: ["COneDNN", "CVectorMath", "Randomness"], swiftSettings: settings),
    .target(
      name: "Training",
      dependencies: ["Curation", "Imaging", "NeuralNet", "Randomness", .product(name: "Yams", package: "Yams")],
      swiftSettings: settings),
    .target(
      name: "Auditing",
      dependencies: ["COpenBLAS", "CVectorMath", "Curation", "Imaging", "NeuralNet", "Randomness", "Training"],
      swiftSettings: settings),
    .target(
      name: "Explain",
      dependencies: ["COpenBLAS", "Curation", "Imaging", "NeuralNet", "Randomness", "Training"],
      swiftSettings: settings),
    .target(
      name: "Reports",
      dependencies: ["Curation", "Imaging", .product(name: "Mustache", package: "swift-mustache")],
      resources: [.embedInCode("Templates")],
      swiftSettings: settings),
    .target(
      name: "ReviewServer",
      dependencies: ["Curation", "Imaging", "Randomness", .product(name: "Hummingbird", package: "hummingbird")],
      resources: [.embedInCode("Assets")],
      swiftSettings: settings),
    .executableTarget(
      name: "CLI",
      dependencies: [
        "Auditing", "Curation", "Explain", "Imaging", "NeuralNet", "Randomness", "Reports", "ReviewServer", "Training",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: settings),

    .target(
      name: "TestSupport", dependencies: ["Curation", "Imaging", "Randomness"], path: "Tests/TestSupport",
      swiftSettings: settings),
    .testTarget(
      name: "ImagingTests", dependencies: ["Imaging", "Randomness", "TestSupport"],
      resources: [.copy("Fixtures")], swiftSettings: settings),
    .testTarget(
      name: "CurationTests", dependencies: ["Curation", "Imaging", "Randomness", "TestSupport"],
      swiftSettings: settings),
    .target(name: "AllocationCounter", path: "Tests/AllocationCounter"),
    .testTarget(
      name: "NeuralNetTests",
      dependencies: ["AllocationCounter", "CVectorMath", "NeuralNet", "Randomness", "TestSupport"],
      exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(
      name: "TrainingTests",
      dependencies: ["Training", "Curation", "Imaging", "NeuralNet", "Randomness", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "AuditingTests",
      dependencies: [
        "Auditing", "CVectorMath", "Training", "Curation", "Imaging", "NeuralNet", "Randomness", "TestSupport",
      ],
      exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(
      name: "ExplainTests",
      dependencies: ["Explain", "Training", "Curation", "Imaging", "NeuralNet", "Randomness", "TestSupport"],
      exclude: ["Fixtures"], swiftSettings: settings),
    .testTarget(
      name: "ReportsTests", dependencies: ["Reports", "Curation", "Imaging", "TestSupport"], swiftSettings: settings),
    .testTarget(
      name: "ReviewServerTests", dependencies: ["ReviewServer", "CLI", "Curation", "Imaging", "TestSupport"],
      swiftSettings: settings),
    .testTarget(
      name: "CLITests",
      dependencies: ["Auditing", "CLI", "Curation", "Imaging", "NeuralNet", "TestSupport", "Training"],
      swiftSettings: settings),
  ])
