extension String {
  /// What a text begins with that names a kind of place, as `s3` of `s3://bucket/key`; `nil` for a path.
  var scheme: String? {
    guard let colon = firstIndex(of: ":"), colon != startIndex, self[colon...].hasPrefix("://") else { return nil }
    let scheme = self[..<colon]
    return scheme.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) } ? String(scheme) : nil
  }
}
