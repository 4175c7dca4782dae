// SPDX-License-Identifier: Apache-2.0

/// The name that was probably meant.
public enum NameSuggestion {
    /// The candidate nearest to `name`, if it is near enough for a typing mistake.
    public static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        // A third of the letters wrong is another word, and not a typing mistake.
        let limit = max(1, min(4, name.count / 3))
        let ranked = candidates.map { (name: $0, distance: Self.distance(name.lowercased(), $0.lowercased())) }
        // By name among equals, so that the same mistake always gets the same suggestion.
        let best = ranked.min { ($0.distance, $0.name) < ($1.distance, $1.name) }
        return best.flatMap { $0.distance <= limit ? $0.name : nil }
    }

    /// How many insertions, deletions, replacements and swaps of neighbours turn one name into the other (the optimal
    /// string alignment distance).
    public static func distance(_ first: String, _ second: String) -> Int {
        // A key in a file can be of any length; what is longer than every name we know is not a typing mistake.
        let first = Array(first.utf8.prefix(128))
        let second = Array(second.utf8.prefix(128))
        var beforePrevious = [Int](repeating: 0, count: second.count + 1)
        var previous = Array(0...second.count)
        for row in 0..<first.count {
            var current = [row + 1]
            for column in 0..<second.count {
                let replacement = previous[column] + (first[row] == second[column] ? 0 : 1)
                var best = min(replacement, previous[column + 1] + 1, current[column] + 1)
                let isSwap =
                    row > 0 && column > 0 && first[row] == second[column - 1] && first[row - 1] == second[column]
                if isSwap { best = min(best, beforePrevious[column - 1] + 1) }
                current.append(best)
            }
            (beforePrevious, previous) = (previous, current)
        }
        return previous[second.count]
    }
}
