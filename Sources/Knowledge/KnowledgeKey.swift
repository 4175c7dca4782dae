// SPDX-License-Identifier: Apache-2.0

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
