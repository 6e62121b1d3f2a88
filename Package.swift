// swift-tools-version: 6.1
import PackageDescription

// An arrow points only down: {gpuals, gpuals-serve} → {ALSReference, ALSOpenCL, RatingsIO, Recommendation, SampleRatings, Reporting}
// → {ALS, OpenCL, ALSKernels} → C.
let package = Package(
  name: "gpuals",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "gpuals", targets: ["gpuals"]),
    .executable(name: "gpuals-serve", targets: ["gpuals-serve"]),
    // What scripts/library makes libgpuals.so of. It has a name of its own, as an executable is called gpuals.
    .library(name: "gpuals-c", type: .static, targets: ["GPUALSLibrary"]),
    .library(name: "ALS", targets: ["ALS"]),
    .library(name: "ALSReference", targets: ["ALSReference"]),
    .library(name: "ALSOpenCL", targets: ["ALSOpenCL"]),
    .library(name: "OpenCL", targets: ["OpenCL"]),
    .library(name: "RatingsIO", targets: ["RatingsIO"]),
    .library(name: "Reporting", targets: ["Reporting"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
    // Without its trait, which would bring Foundation in.
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0", traits: []),
    // For gpuals-serve alone.
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.0.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.14.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.0.0"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.0.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.0.0"),
  ],
  targets: [
    // Floor 0: C. The OpenCL library itself is opened at run time; only its headers are needed to build.
    .systemLibrary(name: "COpenCL", providers: [.apt(["opencl-headers"]), .brew(["opencl-headers"])]),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", providers: [.apt(["libzstd-dev"])]),
    .target(name: "CArguments"),

    // Floor 1: the vocabulary of the problem, and the device wrapper that knows nothing of it.
    .target(name: "ALS"),
    .target(name: "OpenCL", dependencies: ["COpenCL"]),
    .target(
      name: "ALSKernels", path: "Kernels",
      resources: [
        .embedInCode("ceilings.cl"),
        .embedInCode("common.cl"),
        .embedInCode("biases.cl"),
        .embedInCode("cpu_cholesky.cl"),
        .embedInCode("cpu_conjugate_gradient.cl"),
        .embedInCode("cpu_dual.cl"),
        .embedInCode("cpu_nonnegative.cl"),
        .embedInCode("cpu_gramian.cl"),
        .embedInCode("cpu_rotate.cl"),
        .embedInCode("cpu_tiles.cl"),
        .embedInCode("evaluate.cl"),
        .embedInCode("gpu_conjugate_gradient.cl"),
        .embedInCode("gpu_dual.cl"),
        .embedInCode("gpu_global_tiles.cl"),
        .embedInCode("gpu_gramian.cl"),
        .embedInCode("gpu_register_tiles.cl"),
        .embedInCode("gpu_row_product.cl"),
        .embedInCode("gpu_tiles.cl"),
        .embedInCode("nonnegative.cl"),
        .embedInCode("round_factors.cl"),
        .embedInCode("sum_partials.cl"),
        .embedInCode("top_n.cl"),
        .embedInCode("top_n_cpu.cl"),
        .embedInCode("top_n_gpu.cl"),
      ]),

    // Floor 2: the solvers and the formats.
    .target(name: "ALSReference", dependencies: ["ALS"]),
    .target(name: "ALSOpenCL", dependencies: ["ALS", "OpenCL", "ALSKernels"]),
    .target(
      name: "RatingsIO",
      dependencies: ["ALS", "CZlib", "CZstd", .product(name: "Subprocess", package: "swift-subprocess")]),
    .target(name: "Recommendation", dependencies: ["ALS"]),
    .target(name: "SampleRatings", dependencies: ["ALS"]),
    .target(name: "Reporting"),
    .target(name: "SystemProgram", dependencies: ["RatingsIO"]),

    // Floor 3: the library for other languages, by its C header.
    .target(name: "CGPUALS"),
    .target(
      name: "GPUALSLibrary",
      dependencies: ["CGPUALS", "ALS", "ALSReference", "ALSOpenCL", "OpenCL", "Recommendation"]),

    // Floor 3: the program, and the service, which is a program of its own so that the first does not link what HTTP takes.
    .executableTarget(
      name: "gpuals",
      dependencies: [
        "ALS", "ALSKernels", "ALSReference", "ALSOpenCL", "CArguments", "OpenCL", "RatingsIO",
        "Recommendation", "Reporting", "SampleRatings", "SystemProgram",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .executableTarget(
      name: "gpuals-serve",
      dependencies: [
        "ALS", "ALSReference", "RatingsIO", "Recommendation", "SystemProgram",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Hummingbird", package: "hummingbird"),
        .product(name: "HummingbirdCore", package: "hummingbird"),
        .product(name: "HTTPTypes", package: "swift-http-types"),
        .product(name: "Logging", package: "swift-log"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
      ],
      resources: [
        .embedInCode("openapi.json"),
        .embedInCode("Page/index.html"),
        .embedInCode("Page/style.css"),
        .embedInCode("Page/elements.js"),
        .embedInCode("Page/lists.js"),
        .embedInCode("Page/main.js"),
        .embedInCode("Page/search.js"),
        .embedInCode("Page/service.js"),
        .embedInCode("Page/taste.js"),
        .embedInCode("Page/user.js"),
      ]),

    .target(name: "ALSTestSupport", dependencies: ["ALS"], path: "Tests/ALSTestSupport"),
    .testTarget(name: "ALSTests", dependencies: ["ALS", "ALSTestSupport"]),
    .testTarget(name: "ALSReferenceTests", dependencies: ["ALSReference", "ALSTestSupport"]),
    .testTarget(name: "OpenCLTests", dependencies: ["OpenCL"]),
    .testTarget(
      name: "ALSOpenCLTests",
      dependencies: ["ALSOpenCL", "ALSReference", "ALSKernels", "ALSTestSupport"]),
    .testTarget(name: "RatingsIOTests", dependencies: ["RatingsIO", "ALS", "CZlib", "CZstd"]),
    .testTarget(name: "SampleRatingsTests", dependencies: ["SampleRatings"]),
    .testTarget(name: "ReportingTests", dependencies: ["Reporting"]),
    .testTarget(
      name: "GPUALSTests",
      dependencies: ["gpuals", "gpuals-serve", "RatingsIO", "ALS", "ALSReference", "SampleRatings"]),
  ],
  swiftLanguageModes: [.v6]
)

// What scripts/fuzz builds, with -sanitize=fuzzer, which links the function that these call.
if Context.environment["GPUALS_FUZZ"] != nil {
  package.targets += [
    .target(name: "CFuzzer", path: "Tests/Fuzzing/CFuzzer"),
    .target(name: "Fuzzer", dependencies: ["CFuzzer", "RatingsIO"], path: "Tests/Fuzzing/Fuzzer"),
    .executableTarget(
      name: "FuzzRatings", dependencies: ["RatingsIO", "ALS", "CFuzzer", "Fuzzer"], path: "Tests/Fuzzing/FuzzRatings"),
    .executableTarget(
      name: "FuzzModel", dependencies: ["RatingsIO", "ALS", "Fuzzer"], path: "Tests/Fuzzing/FuzzModel"),
  ]
}
