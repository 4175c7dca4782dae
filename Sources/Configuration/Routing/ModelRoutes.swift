// SPDX-License-Identifier: Apache-2.0

/// Which model of the upstream answers for which requested model: the `[routes]` table.
package struct ModelRoutes: Sendable, Equatable {
    /// The most specific pattern first.
    package private(set) var routes: [(pattern: Glob, model: String)] = []

    mutating func add(_ pattern: String, model: String) {
        self.routes.append((Glob(pattern), model))
        // Sorted when it is written, so that each request only looks for the first match.
        self.routes.sort { Glob.isMoreSpecific($0.pattern, $1.pattern) }
    }

    /// Nil when no route matches.
    package func route(for requested: String) -> (pattern: Glob, model: String)? {
        self.routes.first { $0.pattern.matches(requested) }
    }

    func model(of pattern: String) -> String? {
        self.routes.first { $0.pattern.pattern == pattern }?.model
    }

    /// A name that no upstream of ours has.
    package static func isAnthropic(_ model: String) -> Bool {
        // Claude Code sends these until it is told otherwise.
        let model = model.lowercased()
        return model.hasPrefix("claude") || model.hasPrefix("anthropic")
    }

    package static func == (first: Self, second: Self) -> Bool {
        first.routes.elementsEqual(second.routes) { $0.pattern == $1.pattern && $0.model == $1.model }
    }
}
