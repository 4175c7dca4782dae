// SPDX-License-Identifier: Apache-2.0

import Configuration

/// What the client is told after several upstreams were asked in vain.
struct FailedCandidates {
    private struct Entry {
        var upstream: String
        var failed: FailedAttempt
    }

    private var entries: [Entry] = []

    mutating func append(_ failed: FailedAttempt, of upstream: UpstreamDefinition) {
        self.entries.append(Entry(upstream: upstream.name, failed: failed))
    }

    /// The first upstream's words come first, since that is the one the user chose.
    var error: MessagesAPIError {
        guard let first = self.entries.first, let last = self.entries.last else {
            preconditionFailure("no upstream was asked")
        }
        // A refusal of the request itself speaks for all.
        guard self.entries.count > 1, last.failed.failure.movesOn else { return last.failed.error }
        // Whether to try again is decided by the upstream that may serve the next attempt.
        var error = (self.entries.last { $0.failed.error.retry != .pointless } ?? first).failed.error
        error.message = self.joined(\.message)
        error.outline = self.joined(\.outline)
        return error
    }

    private func joined(_ text: (MessagesAPIError) -> String) -> String {
        let others = self.entries.dropFirst().map { "\nThe fallback \"\($0.upstream)\": \(text($0.failed.error))" }
        return (self.entries.first.map { text($0.failed.error) } ?? "") + others.joined()
    }
}
