// swift-tools-version: 6.1
import PackageDescription

// A package like yours that uses gpuals. Yours names the repository and a version in place of the path.
let package = Package(
  name: "Examples",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "gpuals", path: "..")
  ],
  targets: [
    .executableTarget(
      name: "FirstRecommender",
      dependencies: [
        .product(name: "ALS", package: "gpuals"),
        .product(name: "ALSReference", package: "gpuals"),
      ]),
    .executableTarget(
      name: "TrainFromFile",
      dependencies: [
        .product(name: "ALS", package: "gpuals"),
        .product(name: "ALSOpenCL", package: "gpuals"),
        .product(name: "ALSReference", package: "gpuals"),
        .product(name: "OpenCL", package: "gpuals"),
        .product(name: "RatingsIO", package: "gpuals"),
      ]),
    .executableTarget(
      name: "FoldInUser",
      dependencies: [
        .product(name: "ALS", package: "gpuals"),
        .product(name: "ALSReference", package: "gpuals"),
        .product(name: "RatingsIO", package: "gpuals"),
      ]),
    .executableTarget(
      name: "TuneInCode",
      dependencies: [
        .product(name: "ALS", package: "gpuals"),
        .product(name: "ALSOpenCL", package: "gpuals"),
        .product(name: "ALSReference", package: "gpuals"),
        .product(name: "OpenCL", package: "gpuals"),
        .product(name: "RatingsIO", package: "gpuals"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
