// SPDX-License-Identifier: Apache-2.0

/// What one request may hold. Requests are read on the event loop: a body that a client wrote to be slow would keep all
/// other clients waiting. Each limit is several times what fits into the largest context window.
enum RequestLimits {
    /// JSON values and names of members together.
    static let values = 500_000
    /// Blocks of all messages and of the system prompt. A text that stands in place of a list counts as one.
    ///
    /// A call of a tool with a name that the upstream does not take is the dearest, with 4 to 12 microseconds for names
    /// of 16 to 600 bytes, reading and writing together.
    static let blocks = 20_000
    /// Entries of `tools`.
    static let tools = 10_000

    /// The mistake of going over `limit`.
    static func excess(_ path: String, _ what: String, _ limit: Int) -> InvalidRequest {
        InvalidRequest(path: path, message: "\(what): at most \(limit) are accepted in one request.")
    }
}
