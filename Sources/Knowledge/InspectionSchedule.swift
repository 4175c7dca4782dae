// SPDX-License-Identifier: Apache-2.0

package import Shared

/// When a server is asked about a model. Pure: the time comes in.
package struct InspectionSchedule: Sendable {
    /// What an inspection is for.
    package enum Occasion: Sendable {
        /// The daemon started, or was given another configuration.
        case configured
        /// A request was answered.
        case answered
        /// A request was answered by a server that had been down: another one may run there now.
        case cameBack
    }

    private struct Attempt {
        var begunAt: SteadyInstant
        var isRunning = true
        /// How many in a row brought no window.
        var fruitless: Int
    }

    /// Clients choose the names of models.
    private static let limit = 256
    /// The shortest time between two inspections.
    package static let shortest = Duration.seconds(60)
    /// A server of one's own is started anew with other settings whenever its user likes, and nothing says so.
    private static let refresh = Duration.seconds(600)
    /// For a server that was asked often enough and tells nothing.
    private static let rest = Duration.seconds(3600)
    private static let patience = 3

    private var attempts: [KnowledgeKey: Attempt] = [:]

    package init() {}

    /// Whether to ask now. If so, `ended` is to follow.
    package mutating func begins(
        _ occasion: Occasion, of key: KnowledgeKey, at now: SteadyInstant,
    ) -> Bool {
        let fruitless: Int
        if let last = self.attempts[key] {
            guard !last.isRunning, now - last.begunAt >= Self.pause(after: last.fruitless, occasion) else {
                return false
            }
            fruitless = last.fruitless
        } else {
            fruitless = 0
            // What runs stays, or the same server would be asked twice at once.
            if self.attempts.count >= Self.limit { self.attempts = self.attempts.filter(\.value.isRunning) }
            // As many wait for their turn at servers that are slow to answer.
            guard self.attempts.count < Self.limit else { return false }
        }
        self.attempts[key] = Attempt(begunAt: now, fruitless: fruitless)
        return true
    }

    /// Whether a server is being asked about this model.
    package func isRunning(_ key: KnowledgeKey) -> Bool { self.attempts[key]?.isRunning ?? false }

    /// - Parameter foundWindow: whether the server told the model's window.
    package mutating func ended(_ key: KnowledgeKey, foundWindow: Bool) {
        self.attempts[key]?.isRunning = false
        if foundWindow {
            self.attempts[key]?.fruitless = 0
        } else {
            self.attempts[key]?.fruitless += 1
        }
    }

    private static func pause(after fruitless: Int, _ occasion: Occasion) -> Duration {
        switch occasion {
        case .configured, .cameBack: self.shortest
        case .answered where fruitless == 0: self.refresh
        case .answered: fruitless < self.patience ? self.shortest : self.rest
        }
    }
}
