// SPDX-License-Identifier: Apache-2.0

/// What to do when the Qwen login is of no use: the same words in the status, in the log and in what a client is told.
package enum LoginAdvice {
    /// One or two sentences for the user.
    package static let text = "Log in again with `qwenproxyctl login`. " + Self.closedTier

    /// Since then the model API refuses the tokens that a login still brings.
    static let closedTier =
        "Qwen's free OAuth tier was closed in April 2026, so a new login may not help: then use an API key, with "
        + "`qwenproxyctl upstream add` or with QWEN_API_KEY and QWEN_BASE_URL."
}
