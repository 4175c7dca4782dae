// SPDX-License-Identifier: Apache-2.0

/// What is asked about a request beside its content: small, and kept when the content is given up.
///
/// A class because it is handed from one step of a request to the next, and has a dozen parts to copy.
public final class RequestFacts: Sendable {
    /// As the client spelled it.
    public let model: String
    /// Whether the client wants events.
    public let isStreaming: Bool
    /// Nil when the client does not say.
    public let maximumTokens: Int?
    /// What routing asks about the request.
    public let features: RequestFeatures
    /// What the translation of the answer has to know about the request.
    public let responseContext: ResponseContext
    /// How large the prompt is.
    public let size: PromptSize

    init(
        isStreaming: Bool, features: RequestFeatures, responseContext: ResponseContext, size: PromptSize,
    ) {
        self.model = responseContext.requestedModel
        self.isStreaming = isStreaming
        self.maximumTokens = responseContext.maximumTokens
        self.features = features
        self.responseContext = responseContext
        self.size = size
    }

    /// A guess at the size of the whole request before it is known which model is asked.
    public var estimatedInputTokens: Int { self.size.estimate }

    /// What the upstream will count for the prompt: by what it counted before, where that is known.
    public func inputTokens(for profile: ModelProfile) -> Int {
        profile.promptTokens ?? self.size.tokens(for: profile)
    }

    /// The client wants the prompt read and cached, and no answer (`max_tokens: 0`). Upstreams want to write at least one
    /// token, which is not the client's.
    public var isCacheWarmUp: Bool { self.maximumTokens == 0 }

    /// The `max_tokens` that a body for this profile says; nil when it says none.
    public func upstreamMaximumTokens(for profile: ModelProfile) -> Int? {
        (self.maximumTokens ?? profile.overrides.maximumTokens).map {
            profile.maximumTokens(wanted: $0, estimatedInputTokens: self.inputTokens(for: profile))
        }
    }

    /// Whether the `max_tokens` of a body for this profile is what the window leaves.
    public func isLimitedByWindow(for profile: ModelProfile) -> Bool {
        profile.isLimitedByWindow(
            wanted: self.maximumTokens ?? profile.overrides.maximumTokens ?? .max,
            estimatedInputTokens: self.inputTokens(for: profile))
    }
}
