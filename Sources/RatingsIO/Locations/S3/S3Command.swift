/// The client, when it is asked about places in S3.
typealias S3Command = AWSCommand<S3Error>
