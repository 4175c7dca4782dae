// SPDX-License-Identifier: Apache-2.0

/// Who answered, or did not, in words for the user. Errors tell which kind of upstream he is using and what to do next.
struct UpstreamIdentity: Sendable, Equatable {
    enum Kind: String, Sendable, Equatable {
        /// The login of qwen-code. Its free tier ended on 2026-04-15.
        case oauth
        case apiKey = "api-key"
        /// A server that wants no key.
        case open
        case demo
    }

    var kind: Kind
    /// Host, and port where it is not the scheme's own.
    var host: String
    /// The model that was asked for there.
    var model: String

    /// What to do when the credentials are refused.
    var credentialsAdvice: String {
        switch self.kind {
        case .oauth:
            LoginAdvice.text
        case .apiKey:
            """
            A key is bound to one product and one region: check that QWEN_API_KEY and QWEN_BASE_URL belong together \
            (`qwenproxyd --check-config` shows them).
            """
        case .open:
            "This upstream is used without a key; it seems to want one: set QWEN_API_KEY."
        case .demo:
            "This is the demo upstream; it should never refuse anything."
        }
    }
}
