// SPDX-License-Identifier: Apache-2.0

/// A mistake of the client that makes a request's meaning unclear. Everything that could be left out or repaired
/// without changing the meaning is no mistake: the client repeats a refused request several times.
public struct InvalidRequest: Error, Sendable, Equatable {
    /// Where the mistake is (`messages.3.content.0.type`), empty for the body as a whole.
    public var path: String
    /// One sentence for the client, without the path.
    public var message: String
    /// The machine-readable `error.details.error_code` some clients look at.
    public var detailsErrorCode: String?

    public init(path: String, message: String, detailsErrorCode: String? = nil) {
        self.path = path
        self.message = message
        self.detailsErrorCode = detailsErrorCode
    }
}

extension InvalidRequest: CustomStringConvertible {
    /// The wording of the Messages API: path first.
    public var description: String { self.path.isEmpty ? self.message : "\(self.path): \(self.message)" }
}
