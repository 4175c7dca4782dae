// SPDX-License-Identifier: Apache-2.0

/// Finds the client's stop sequences in a text that is still growing, for upstreams that ignore `stop` or leave the
/// sequence in the text.
///
/// Of all sequences the one counts that is complete first, as it would be for a model that stops by itself; of those that
/// become complete with the same byte, the longest. Each byte is compared a bounded number of times for each sequence
/// (Knuth, Morris, Pratt).
struct StopSequenceFinder: Sendable {
    private struct Needle: Sendable {
        let text: String
        let bytes: [UInt8]
        /// For each length of a match how much of it remains one when the next byte does not fit.
        let fallbacks: [Int]
        /// How much of it the text ends with.
        var matched = 0

        init(_ text: String) {
            self.text = text
            self.bytes = Array(text.utf8)
            var fallbacks = [0]
            var length = 0
            for index in self.bytes.indices.dropFirst() {
                while length > 0, self.bytes[index] != self.bytes[length] { length = fallbacks[length - 1] }
                if self.bytes[index] == self.bytes[length] { length += 1 }
                fallbacks.append(length)
            }
            self.fallbacks = fallbacks
        }

        /// Returns whether the text now ends with all of it.
        mutating func receive(_ byte: UInt8) -> Bool {
            while self.matched > 0, byte != self.bytes[self.matched] { self.matched = self.fallbacks[self.matched - 1] }
            if byte == self.bytes[self.matched] { self.matched += 1 }
            return self.matched == self.bytes.count
        }
    }

    private var needles: [Needle]
    /// The end of the text so far, which may be the beginning of a sequence.
    private var held: [UInt8] = []
    /// The sequence at which the text ends. What comes after it is no part of the answer.
    private(set) var found: String?

    /// Nil where there is nothing to look for.
    init?(_ sequences: [String]) {
        // An empty sequence has no byte to look for.
        let sequences = sequences.filter { !$0.isEmpty }
        guard !sequences.isEmpty else { return nil }
        self.needles = sequences.map { Needle($0) }
    }

    /// - Parameter text: what comes next, not escaped.
    /// - Returns: the text that is known to come before any sequence.
    mutating func receive(_ text: [UInt8]) -> [UInt8] {
        guard self.found == nil else { return [] }
        var passed = self.held + text
        for (offset, byte) in text.enumerated() {
            var longest: Needle?
            for index in self.needles.indices where self.needles[index].receive(byte) {
                if self.needles[index].bytes.count > longest?.bytes.count ?? 0 { longest = self.needles[index] }
            }
            guard let longest else { continue }
            self.found = longest.text
            passed.removeSubrange((self.held.count + offset + 1 - longest.bytes.count)...)
            self.held = []
            return passed
        }
        // The longest beginning of any sequence at the end of the text: only that much may still become part of one.
        let waiting = self.needles.reduce(0) { max($0, $1.matched) }
        self.held = Array(passed.suffix(waiting))
        passed.removeLast(waiting)
        return passed
    }

    /// What was held, which is text: the next text is in another place.
    mutating func release() -> [UInt8] {
        for index in self.needles.indices { self.needles[index].matched = 0 }
        defer { self.held = [] }
        return self.held
    }
}
