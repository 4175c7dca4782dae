// SPDX-License-Identifier: Apache-2.0

import Shared
import Translation

extension UpstreamFailure {
    /// What the log and `status` say of it.
    func outline(of upstream: UpstreamIdentity) -> String {
        // Not the upstream's words, which may quote the conversation: they are for the client alone.
        let details = [self.status.map { "\($0)" }, self.code.flatMap { ErrorCode($0)?.text }].compactMap(\.self)
        let detail = details.isEmpty ? "" : " (\(details.joined(separator: ", ")))"
        return "\(upstream.title) failed: \(self.category.outline)\(detail)"
    }
}

extension UpstreamFailure.Category {
    fileprivate var outline: String {
        switch self {
        case .invalidCredentials: "credentials refused"
        case .permissionDenied: "no permission"
        case .modelNotFound: "unknown model"
        case .hardQuota: "quota used up"
        case .billing: "payment required"
        case .rateLimited: "rate limit"
        case .contextTooLong: "prompt too long"
        case .outputLimitTooHigh: "max_tokens too high"
        case .outputDoesNotFit: "prompt and answer do not fit together"
        case .imagesRefused: "images refused"
        case .parameterRefused(let parameter): "\(parameter.rawValue) refused"
        case .contentRejected: "content rejected"
        case .invalidRequest: "invalid request"
        case .requestTooLarge: "request too large"
        case .overloaded: "overloaded"
        case .timedOut: "timed out"
        case .internalError: "internal error"
        case .invalidOutput: "a tool call that is not JSON"
        case .unreadable: "an answer that is no completion"
        case .interrupted: "the answer broke off"
        case .agentsOnly: "known coding agents only"
        }
    }
}

extension UpstreamFailure {
    /// Whether a fresh token could make the difference.
    var refusesToken: Bool {
        switch self.category {
        case .invalidCredentials: true
        // qwen-code renews its token after 401 and after 403.
        case .permissionDenied: self.status == 403 && !Self.missingRights.contains(self.code?.lowercased() ?? "")
        // A quota or a missing right is not healed by a token, and asking for one would use up a refresh token each
        // time.
        case .modelNotFound, .hardQuota, .billing, .rateLimited, .contextTooLong, .outputDoesNotFit,
            .outputLimitTooHigh, .imagesRefused, .parameterRefused, .contentRejected, .invalidRequest,
            .requestTooLarge, .overloaded, .timedOut, .internalError, .invalidOutput, .unreadable, .interrupted,
            .agentsOnly:
            false
        }
    }

    /// The vendor's codes for a model or a product that the account has no right to.
    private static let missingRights = [
        "access_denied", "accessdenied", "accessdenied.unpurchased", "model.accessdenied",
    ]
}
