// SPDX-License-Identifier: Apache-2.0

/// What one tiny request to an upstream brought.
public struct UpstreamTestReport: Codable, Sendable, Equatable {
    /// As the configuration calls it.
    public var upstream: String
    /// The model that was asked for.
    public var model: String
    /// Whether the model answered.
    public var succeeded: Bool
    /// In milliseconds, from the request to the end of the answer; absent when nothing was sent.
    public var duration: Int?
    /// The model as the upstream calls it in its answer.
    public var answeredBy: String?
    /// As the upstream counted them; absent when it did not.
    public var inputTokens: Int?
    /// As the upstream counted them; absent when it did not.
    public var outputTokens: Int?
    /// What went wrong, and what to do about it.
    public var problem: String?
    /// Of the model, as they are known after the test.
    public var limits: ModelLimits?

    public init(
        upstream: String, model: String, succeeded: Bool = false, duration: Int? = nil, answeredBy: String? = nil,
        inputTokens: Int? = nil, outputTokens: Int? = nil, problem: String? = nil,
        limits: ModelLimits? = nil,
    ) {
        self.upstream = upstream
        self.model = model
        self.succeeded = succeeded
        self.duration = duration
        self.answeredBy = answeredBy
        self.inputTokens = inputTokens
        self.outputTokens = outputTokens
        self.problem = problem
        self.limits = limits
    }
}
