// SPDX-License-Identifier: Apache-2.0

/// Who answered, or did not. `UpstreamAdvice` has the words for it.
struct UpstreamIdentity: Sendable, Equatable {
    enum Kind: String, Sendable, Equatable {
        /// The login of qwen-code. Its free tier ended on 2026-04-15.
        case oauth
        case apiKey = "api-key"
        /// A server that wants no key.
        case open
        case demo
    }

    /// As the configuration calls it.
    var name: String
    var product: UpstreamProduct
    var kind: Kind
    /// Host, and port where it is not the scheme's own.
    var host: String
    /// The model that was asked for there.
    var model: String
}
