// SPDX-License-Identifier: Apache-2.0

/// What kind of service an upstream is. The same words of an error mean different things at different products, so the
/// advice that goes with them depends on this.
public enum UpstreamProduct: String, Sendable, Equatable, CaseIterable {
    /// The endpoint of qwen-code's login.
    case portal
    /// Alibaba's Model Studio, paid as it is used.
    case modelStudio
    /// A plan for coding agents, with quotas by the hour, week and month.
    case codingPlan
    case tokenPlan
    case openRouter
    /// A server of the user's own.
    case local
    case other
}

/// The header that carries an API key. The raw value is the word for it in files.
public enum KeyHeader: String, Sendable, Equatable, CaseIterable {
    /// `Authorization: Bearer KEY`
    case bearer
    /// `x-api-key: KEY`
    case xAPIKey = "x-api-key"
}
