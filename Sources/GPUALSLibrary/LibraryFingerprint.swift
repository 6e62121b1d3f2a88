import ALS
import CGPUALS

/// `gpuals_fingerprint` of the header.
@c(gpuals_fingerprint)
public func fingerprint(_ ratings: UnsafePointer<gpuals_csr>?) -> UInt64 {
  (try? CSRMatrix(ratings, checksValues: false))?.fingerprint ?? 0
}
