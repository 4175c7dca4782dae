// SPDX-License-Identifier: Apache-2.0

/// What was found about one call that the client wants judged before it runs it.
public enum SafeguardVerdict: Sendable, Equatable {
    /// Why there is no finding, in the words of the Messages API.
    public enum Obstacle: String, Sendable, CaseIterable {
        case timeout
        case error
        case refused
        case inputTooLong = "input_too_long"
        case truncated
    }

    /// The client runs the call.
    case passed
    /// The client does not run the call, and tells the model why.
    case flagged(explanation: String)
    /// The client decides in its own way.
    case unavailable(Obstacle)

    /// For counters and the journal.
    public var name: String {
        switch self {
        case .passed: "not_flagged"
        case .flagged: "flagged"
        case .unavailable(let obstacle): "unavailable_\(obstacle.rawValue)"
        }
    }
}

/// The answer to `safeguards`: a verdict on each call of a message, and on no other.
public struct SafeguardResults: Sendable, Equatable {
    /// In the order of the calls.
    public let verdicts: [(toolUseID: String, verdict: SafeguardVerdict)]

    public init(_ verdicts: [(toolUseID: String, verdict: SafeguardVerdict)]) {
        self.verdicts = verdicts
    }

    public static func == (left: Self, right: Self) -> Bool {
        left.verdicts.elementsEqual(right.verdicts) { $0 == $1 }
    }

    /// `"safeguard_results":[…]`, as Claude Code 2.1.330 reads it.
    func write(to writer: inout JSONWriter) {
        writer.raw(
            #""safeguard_results":[{"type":"dangerous_tool_use","status":{"type":"available","tool_uses":{"#
        )
        for (index, entry) in self.verdicts.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.string(entry.toolUseID)
            switch entry.verdict {
            case .passed:
                writer.raw(#":{"type":"evaluated","outcome":"not_flagged"}"#)
            case .flagged(let explanation):
                writer.raw(#":{"type":"evaluated","outcome":"flagged","explanation":"#)
                writer.string(explanation)
                writer.raw("}")
            case .unavailable(let obstacle):
                writer.raw(#":{"type":"unavailable","reason":"#)
                writer.string(obstacle.rawValue)
                writer.raw("}")
            }
        }
        writer.raw("}}}]")
    }
}
