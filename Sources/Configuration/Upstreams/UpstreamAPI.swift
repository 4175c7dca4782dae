// SPDX-License-Identifier: Apache-2.0

/// The language an upstream speaks: the `kind` of an upstream in the configuration.
package enum UpstreamAPI: String, Sendable, Equatable, CaseIterable {
    /// Chat Completions: requests and answers are translated.
    case openAI = "openai"
    /// The Messages API itself: requests and answers pass through.
    case anthropic
}
