// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Knows every secret in use and takes it out of what leaves the process: log lines, replies, errors.
///
/// A secret is found in whichever way it is spelled: bare, in quotes, in a URL, percent-encoded, escaped in JSON or HTML, in
/// Base64, in capitals. Shortened ones are looked for in the words of others only: a part of a key that a person chose may be
/// a word of ours.
public final class Redactor: Sendable {
    /// The one of this process.
    public static let process = Redactor()

    /// What stands in place of a secret.
    public static let mark = "***"
    /// In bytes. What is shorter occurs by chance, and protects nothing.
    public static let minimumLength = 8

    /// What manuals of local servers tell people to write where a key is demanded. Hiding these would blank out names.
    private static let placeholders: Set<String> = [
        "lm-studio", "no-key-required", "not-needed", "placeholder", "sk-no-key-required", Version.product,
        ClientSettings.placeholderKey,
    ]

    private struct Entry {
        var pattern: SecretPattern
        var users: Int
    }

    private struct State {
        var entries: [String: Entry] = [:]
        /// The longest first: a secret may begin with another one.
        var patterns: [SecretPattern] = []

        mutating func update() {
            self.patterns = self.entries.values.map(\.pattern).sorted { $0.length > $1.length }
        }
    }

    private let state = Mutex(State())

    public init() {}

    /// From now on `secret` is hidden, until `remove` was called as often.
    public func add(_ secret: String) {
        guard Self.isWorthHiding(secret) else { return }
        self.state.withLock { state in
            if state.entries[secret] != nil {
                // Several upstreams may have the same key.
                state.entries[secret]?.users += 1
            } else {
                state.entries[secret] = Entry(pattern: SecretPattern(secret), users: 1)
                state.update()
            }
        }
    }

    /// Stops hiding a secret that is not in use any more.
    public func remove(_ secret: String) {
        self.state.withLock { state in
            guard let users = state.entries[secret]?.users else { return }
            state.entries[secret]?.users = users - 1
            guard users == 1 else { return }
            state.entries[secret] = nil
            state.update()
        }
    }

    /// Text of ours, which may hold a whole secret.
    public func hiding(_ text: String) -> String {
        self.hide(in: Array(text.utf8), .ownText).map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// JSON of ours. It stays JSON.
    public func hiding(json bytes: [UInt8]) -> [UInt8] {
        self.hide(in: bytes, .ownJSON) ?? bytes
    }

    /// Text of a peer, which may also hold a part of a secret: `sk-ab***yz`, the first or the last eight characters of it, or
    /// sixteen others.
    public func hidingTraces(_ text: String) -> String {
        self.hide(in: Array(text.utf8), .foreignText).map { String(decoding: $0, as: UTF8.self) } ?? text
    }

    /// Nil when there is nothing to hide.
    private func hide(in bytes: [UInt8], _ kind: SecretScanner.Kind) -> [UInt8]? {
        // Copied out, so that the search runs without the lock: every log line of every thread comes through here.
        let patterns = self.state.withLock { $0.patterns }
        // No trace that is hidden is shorter.
        guard !patterns.isEmpty, bytes.count >= 4 else { return nil }
        let found = SecretScanner(bytes, kind).find(patterns)
        guard !found.isEmpty else { return nil }
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        var position = 0
        for range in found {
            output += bytes[position..<range.lowerBound]
            output += Self.mark.utf8
            position = range.upperBound
        }
        return output + bytes[position...]
    }

    private static func isWorthHiding(_ secret: String) -> Bool {
        secret.utf8.count >= Self.minimumLength && !Self.placeholders.contains(secret.lowercased())
    }
}
