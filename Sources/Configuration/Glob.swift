// SPDX-License-Identifier: Apache-2.0

import Translation

/// A pattern for model names: `*` stands for any characters, `?` for one. Upper and lower case are the same, since no
/// vendor has two models whose names differ only in that.
package struct Glob: Sendable, Hashable {
    let pattern: String
    private let matcher: NamePattern

    init(_ pattern: String) {
        self.pattern = pattern
        self.matcher = NamePattern(pattern.lowercased())
    }

    /// How much of a name the pattern fixes. Of two patterns that match, the one with more says more about the name.
    var specificity: Int {
        let literals = self.pattern.utf8.count { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }
        // A pattern without `*` beats one with it: `qwen?` before `qwen*`.
        return literals * 2 + (self.pattern.utf8.contains(UInt8(ascii: "*")) ? 0 : 1)
    }

    /// The most specific come first.
    static func isMoreSpecific(_ first: Glob, _ second: Glob) -> Bool {
        // Equals by name, so that the order never depends on a dictionary's.
        (-first.specificity, first.pattern) < (-second.specificity, second.pattern)
    }

    func matches(_ name: String) -> Bool { self.matcher.matches(name.lowercased()) }
}
