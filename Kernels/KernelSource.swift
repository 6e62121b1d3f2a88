public let x = String(decoding: PackageResources.a_cl, as: UTF8.self)
