/// Thrown behind a whole answer, to close its connection.
struct ConnectionEnd: Error {}
