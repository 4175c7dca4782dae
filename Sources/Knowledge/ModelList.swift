// SPDX-License-Identifier: Apache-2.0

package import Translation

/// What a server's list of models says about the models in it.
///
/// Every server that speaks OpenAI's API has `GET /v1/models`, and nearly every one adds something to it in its own words.
/// The lists of the servers' own APIs (LM Studio's, Ollama's, LiteLLM's) are of the same kind, so one table reads them all.
package struct ModelList: Sendable, Equatable {
    struct Entry: Sendable, Equatable {
        /// All names the server knows it by.
        var names: [String]
        var lessons: [Lesson]
    }

    private(set) var entries: [Entry] = []

    /// Anything that is no list is an empty one. Of a long list only the beginning is read.
    package init(parsing bytes: [UInt8]) {
        guard let document = try? JSONDocument(parsing: bytes, limits: JSONLimits(depth: 64, values: 2_000_000)) else {
            return
        }
        // llama.cpp has both: `data` as OpenAI and `models` as Ollama.
        for list in [document.member("data", of: document.root), document.member("models", of: document.root)] {
            guard let list else { continue }
            self.entries += document.elements(of: list).prefix(Self.limit).compactMap { Entry($0, of: document) }
        }
    }

    /// What the models are called, each by its first name, in the server's order.
    package var names: [String] { self.entries.compactMap(\.names.first) }

    /// What is said about one model. Of several entries with one name, which a balancer has, the least is true of all.
    package func lessons(for model: String) -> [Lesson] {
        var lessons: [Lesson] = []
        for lesson in self.entries(for: model).flatMap(\.lessons) {
            if let index = lessons.firstIndex(where: { $0.subject == lesson.subject }) {
                if lesson.isLess(than: lessons[index]) { lessons[index] = lesson }
            } else {
                lessons.append(lesson)
            }
        }
        return lessons
    }

    /// Which program answers for all of them; `.unknown` when the list does not tell.
    package var server: ServerKind {
        var servers: Set<ServerKind> = []
        for case .server(let server) in self.entries.flatMap(\.lessons) { servers.insert(server) }
        // A gateway lists the models of several programs: then none of them answers for all.
        return servers.count == 1 ? servers.first ?? .unknown : .unknown
    }

    /// llama.cpp with one model answers with it whatever the request calls it.
    private func entries(for model: String) -> [Entry] {
        let named = self.entries.filter { $0.isNamed(model) }
        let hasOneModel = Set(self.entries.map { $0.names.first }).count == 1
        return named.isEmpty && hasOneModel && self.server == .llamaCpp ? self.entries : named
    }

    private static let limit = 5000
}

extension ModelList.Entry {
    fileprivate init?(_ node: JSONNode, of document: JSONDocument) {
        var names: [String] = []
        // LiteLLM's `model_name`, Ollama's `name` and `model`, LM Studio's `key`.
        for member in ["id", "model_name", "model", "name", "key"] as [StaticString] {
            if let name = document.string(member, of: node), !names.contains(name) { names.append(name) }
        }
        if let aliases = document.member("aliases", of: node) {
            names += document.elements(of: aliases).compactMap { document.string($0) }
        }
        guard !names.isEmpty else { return nil }
        let description = ModelDescription(node, of: document)
        self.init(names: names, lessons: description.lessons)
    }

    /// Ollama means `name:latest` by a name without a tag.
    fileprivate func isNamed(_ model: String) -> Bool {
        self.names.contains { $0 == model || $0 == model + ":latest" || $0 + ":latest" == model }
    }
}

extension Lesson {
    /// Whether it allows less than another lesson on the same subject.
    fileprivate func isLess(than other: Lesson) -> Bool {
        switch (self, other) {
        case (.contextWindow(let own), .contextWindow(let tokens)), (.promptLimit(let own), .promptLimit(let tokens)),
            (.contextWindow(let own), .promptLimit(let tokens)), (.promptLimit(let own), .contextWindow(let tokens)),
            (.maximumOutputTokens(let own), .maximumOutputTokens(let tokens)):
            own < tokens
        case (.contextWindow, _), (.promptLimit, _), (.maximumOutputTokens, _), (.refusesImages, _),
            (.acceptsImages, _), (.refusesParameter, _), (.takesParameter, _), (.server, _), (.examined, _),
            (.tokenScale, _):
            false
        }
    }
}
