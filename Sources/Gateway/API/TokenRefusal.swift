// SPDX-License-Identifier: Apache-2.0

import Translation

extension UpstreamFailure {
    /// Whether a fresh token could make the difference. A quota or a missing right is not healed by one, and asking for
    /// it would use up a refresh token each time.
    var refusesToken: Bool {
        switch self.category {
        case .invalidCredentials: true
        case .permissionDenied: self.status == 403 && !Self.missingRights.contains(self.code?.lowercased() ?? "")
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
