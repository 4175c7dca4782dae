// SPDX-License-Identifier: Apache-2.0

import Translation

/// How one attempt at an upstream ended.
enum ExchangeEnd: Sendable {
    /// The whole answer was delivered.
    case completed(Usage)
    /// 200, and nothing was said.
    case empty
    /// The upstream said no: with a status, or inside its stream. `retryAfter` is the header as it came.
    case refused(UpstreamFailure, retryAfter: String?)
    /// No answer, or not all of it.
    case disconnected(UpstreamError)

    var isCompleted: Bool {
        if case .completed = self { true } else { false }
    }
}
