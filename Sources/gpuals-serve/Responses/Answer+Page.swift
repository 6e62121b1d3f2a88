extension Answer {
  /// A file of the page; it is asked for anew each time, but sent again only once it has changed.
  ///
  /// - Parameter knownTag: what the browser says of the file that it keeps.
  static func page(_ file: PageFile, knownTag: String?) -> Answer {
    let isKnown = knownTag?.contains(file.entityTag) == true
    return Answer(
      status: isKnown ? .notModified : .ok, contentType: file.contentType, body: isKnown ? [] : file.bytes,
      headers: [
        (.cacheControl, "no-cache"), (.eTag, file.entityTag), (.xContentTypeOptions, "nosniff"),
        (.contentSecurityPolicy, contentSecurityPolicy),
      ])
  }

  /// Nothing but what this service sends may run, be shown, or be asked; and nobody may put a frame around it.
  private static let contentSecurityPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; base-uri 'none'; "
    + "form-action 'none'; frame-ancestors 'none'"
}
