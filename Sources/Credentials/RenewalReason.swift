// SPDX-License-Identifier: Apache-2.0

/// Why a renewal failed. A server that says so has two texts; what we say ourselves is the same in both.
struct RenewalReason: Sendable, Equatable {
    /// For what stays: the log, the status, the answers to clients. None of the server's words, which may repeat a token.
    var outline: String
    /// For the person who asked for this renewal.
    var words: String
}

extension RenewalReason: ExpressibleByStringInterpolation {
    init(stringLiteral text: String) { self.init(outline: text, words: text) }
}
