// SPDX-License-Identifier: Apache-2.0

import Shared
import Translation

/// What was learned about all models at all upstreams. Pure.
struct KnowledgeTable: Sendable, Equatable {
    /// Clients choose models by name, so they must not be able to fill the memory with them.
    static let limit = 256

    private(set) var models: [KnowledgeKey: LearnedFacts] = [:]

    /// Takes a fact in. Returns whether the traits of `key` changed.
    mutating func observe(_ fact: Fact, of key: KnowledgeKey) -> Bool {
        guard key.isStorable else { return false }
        var facts = self.models[key] ?? LearnedFacts()
        let isChanged = facts.observe(fact)
        // An implausible fact must not make an entry.
        guard !facts.all.isEmpty else { return false }
        if self.models[key] == nil, self.models.count >= Self.limit { self.forgetOldest() }
        self.models[key] = facts
        return isChanged
    }

    /// Forgets everything about the keys that `isForgotten` chooses. Returns whether there was anything.
    mutating func forget(where isForgotten: (KnowledgeKey) -> Bool) -> Bool {
        let count = self.models.count
        self.models = self.models.filter { !isForgotten($0.key) }
        return self.models.count != count
    }

    private mutating func forgetOldest() {
        let oldest = self.models.min { first, second in
            guard let first = first.value.latest, let second = second.value.latest else { return false }
            return first < second
        }
        if let oldest { self.models[oldest.key] = nil }
    }
}

/// What a fact is about: one model at one address. The same model behind another address, or under another upstream's
/// name, may be served in another way.
package struct KnowledgeKey: Sendable, Hashable {
    /// As the configuration calls it.
    package let upstream: String
    /// Without a slash at its end.
    package let baseURL: String
    /// As the upstream calls it.
    package let model: String

    package init(upstream: String, baseURL: String, model: String) {
        self.upstream = upstream
        self.baseURL = baseURL.hasSuffix("/") ? String(baseURL.dropLast()) : baseURL
        self.model = model
    }

    /// The names come from clients and files. Longer ones are no names of upstreams, addresses or models.
    var isStorable: Bool {
        self.upstream.utf8.count <= 128 && self.baseURL.utf8.count <= 1024 && self.model.utf8.count <= 256
    }
}
