// SPDX-License-Identifier: Apache-2.0

import Shared

/// Whether Claude Code can work in the window of an upstream's model.
enum WindowCheck {
    /// Nil when the window is only assumed, or nothing is known: then there is nothing to praise or to blame.
    static func finding(_ upstream: UpstreamStatus) -> Finding? {
        WindowAdvice(upstream).flatMap { Self.finding($0) }
    }

    static func finding(_ advice: WindowAdvice) -> Finding? {
        let subject = "window of \(advice.upstream)"
        return switch advice.verdict {
        case .cannotStart: Finding(subject, .failure, advice.warning ?? "", fix: advice.remedy)
        case .alwaysCompacts: Finding(subject, .warning, advice.warning ?? "", fix: advice.remedy)
        case .fits where advice.limits.contextWindowOrigin == .assumed: nil
        case .fits: Finding(subject, .good, advice.line(now: .now()))
        }
    }
}
