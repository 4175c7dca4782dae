// SPDX-License-Identifier: Apache-2.0

import Translation
import Transport

/// What there is to tell about an answer that came whole.
struct AnswerReport: Sendable {
    var usage: Usage
    /// Whether the upstream said the usage; it is estimated otherwise.
    var isCounted: Bool
    /// What the translation did to the answer.
    var interventions = InterventionCounts()
    /// A finish reason that the table of finish reasons does not have.
    var unknownFinishReason: String?
    /// What the client has not got yet.
    var held: HeldAnswer?
    /// On the calls in the answer, where the client wanted them judged.
    var verdicts: [SafeguardVerdict] = []
}

/// How one attempt at an upstream ended.
enum AttemptOutcome: Sendable {
    /// The whole answer was delivered.
    case completed(AnswerReport)
    /// 200, and nothing was said.
    case empty
    /// The upstream said no: with a status, or inside its stream.
    indirect case refused(UpstreamFailure, retryAfter: Duration?)
    /// No answer, or not all of it.
    indirect case disconnected(UpstreamError)

    /// The body of a refusal: enough for any error message, not more.
    static let refusalLimit = 64 << 10
    /// The transfer ended well, and brought nothing.
    static let noAnswer = Self.disconnected(.interrupted(reason: "no answer"))

    /// A refusal with a body.
    static func refused(_ head: UpstreamResponseHead, body: [UInt8]) -> Self {
        let failure = UpstreamFailure(status: head.status, contentType: head.header("content-type"), body: body)
        return .refused(failure, by: head)
    }

    /// A refusal in an answer that began with `head`.
    static func refused(_ failure: UpstreamFailure, by head: UpstreamResponseHead) -> Self {
        .refused(failure, retryAfter: head.retryAfter)
    }

    var isCompleted: Bool {
        if case .completed = self { true } else { false }
    }
}
