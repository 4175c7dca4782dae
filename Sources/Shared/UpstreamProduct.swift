// SPDX-License-Identifier: Apache-2.0

/// What kind of service an upstream is. The raw value is the word for it in files.
///
/// The same words of an error mean different things at different products, so the
/// advice that goes with them depends on this.
public enum UpstreamProduct: String, Sendable, Equatable, CaseIterable {
    /// The endpoint of qwen-code's login.
    case portal
    /// Alibaba's Model Studio, paid as it is used.
    case modelStudio
    /// A plan for coding agents, with quotas by the hour, week and month.
    case codingPlan
    /// A plan for coding agents, with credits.
    case tokenPlan
    /// A market of models of many makers, paid as it is used.
    case openRouter
    /// A server of the user's own.
    case local
    /// Nothing is known about its rules.
    case other
}

/// The header that carries an API key.
///
/// The raw value is the word for it in files. Products differ, and some want another one for their Messages API.
public enum KeyHeader: String, Sendable, Equatable, CaseIterable {
    /// `Authorization: Bearer KEY`
    case bearer
    /// `x-api-key: KEY`
    case xAPIKey = "x-api-key"
}
