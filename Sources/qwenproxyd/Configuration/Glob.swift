// SPDX-License-Identifier: Apache-2.0

/// A pattern for model names: `*` stands for any characters, `?` for one. Upper and lower case are the same, since no
/// vendor has two models whose names differ only in that.
struct Glob: Sendable, Hashable {
    let pattern: String
    private let tokens: [UInt8]

    init(_ pattern: String) {
        self.pattern = pattern
        self.tokens = Array(pattern.lowercased().utf8)
    }

    /// How much of a name the pattern fixes. Of two patterns that match, the one with more says more about the name.
    var specificity: Int {
        let literals = self.tokens.count { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: "?") }
        // A pattern without `*` beats one with it: `qwen?` before `qwen*`.
        return literals * 2 + (self.tokens.contains(UInt8(ascii: "*")) ? 0 : 1)
    }

    /// The most specific come first; equals by name, so that the order never depends on a dictionary's.
    static func isMoreSpecific(_ first: Glob, _ second: Glob) -> Bool {
        (-first.specificity, first.pattern) < (-second.specificity, second.pattern)
    }

    /// Linear in the name for each `*`: on a mismatch only the last `*` takes one character more.
    func matches(_ name: String) -> Bool {
        let name = Array(name.lowercased().utf8)
        var token = 0
        var position = 0
        var lastStar: (token: Int, position: Int)?
        while position < name.count {
            if token < self.tokens.count, self.tokens[token] == UInt8(ascii: "*") {
                lastStar = (token, position)
                token += 1
            } else if token < self.tokens.count,
                self.tokens[token] == UInt8(ascii: "?") || self.tokens[token] == name[position]
            {
                token += 1
                position += 1
            } else if let star = lastStar {
                lastStar = (star.token, star.position + 1)
                token = star.token + 1
                position = star.position + 1
            } else {
                return false
            }
        }
        return self.tokens[token...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}
