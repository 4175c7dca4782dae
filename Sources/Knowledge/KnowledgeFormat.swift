// SPDX-License-Identifier: Apache-2.0

import Shared
import Translation

/// How the table is spelled in the file.
enum KnowledgeFormat {
    enum Mistake: Error, Sendable, Equatable, CustomStringConvertible {
        case notJSON(JSONError)
        case newer
        case noTable

        var description: String {
            switch self {
            case .notJSON(let error): "it is no JSON: \(error)"
            case .newer: "a newer qwenproxyd wrote it"
            case .noTable: "it holds something else"
            }
        }
    }

    private static let version = 1

    static func bytes(of table: KnowledgeTable) -> [UInt8] {
        var writer = JSONWriter()
        writer.raw(#"{"version":"#)
        writer.integer(Self.version)
        writer.raw(#","models":["#)
        // Sorted, so that the same knowledge gives the same file and people can compare two.
        for (index, entry) in table.models.sorted(by: Self.isBefore).enumerated() {
            writer.raw(index == 0 ? "\n" : ",\n")
            Self.write(entry.key, entry.value, to: &writer)
        }
        writer.raw("\n]}\n")
        return writer.take()
    }

    /// Facts that this version does not understand are left out.
    static func table(from bytes: [UInt8], at now: Timestamp) throws(Mistake) -> KnowledgeTable {
        let document: JSONDocument
        do throws(JSONError) {
            document = try JSONDocument(parsing: bytes, limits: JSONLimits(depth: 16, values: 1_000_000))
        } catch {
            throw .notJSON(error)
        }
        let version = document.member("version", of: document.root).flatMap { document.integer($0) }
        guard let version, let models = document.member("models", of: document.root), version > 0 else {
            throw .noTable
        }
        // What a later version means by its facts cannot be guessed.
        guard version <= Self.version else { throw .newer }
        var table = KnowledgeTable()
        for model in document.elements(of: models) {
            guard let key = Self.key(model, of: document),
                let facts = document.member("facts", of: model)
            else { continue }
            for fact in document.elements(of: facts).compactMap({ Self.fact($0, of: document, at: now) })
            where !fact.isUseless(at: now) {
                _ = table.observe(fact, of: key)
            }
        }
        return table
    }

    private static func isBefore(
        _ first: (key: KnowledgeKey, value: LearnedFacts), _ second: (key: KnowledgeKey, value: LearnedFacts),
    ) -> Bool {
        (first.key.upstream, first.key.baseURL, first.key.model)
            < (second.key.upstream, second.key.baseURL, second.key.model)
    }

    private static func write(_ key: KnowledgeKey, _ facts: LearnedFacts, to writer: inout JSONWriter) {
        writer.raw(#"{"upstream":"#)
        writer.string(key.upstream)
        writer.raw(#","base_url":"#)
        writer.string(key.baseURL)
        writer.raw(#","model":"#)
        writer.string(key.model)
        writer.raw(#","facts":["#)
        for (index, fact) in facts.all.enumerated() {
            if index > 0 { writer.raw(",") }
            writer.raw(#"{"fact":"#)
            Self.write(fact.lesson, to: &writer)
            writer.raw(#","origin":"#)
            writer.string(fact.origin.rawValue)
            writer.raw(#","learned_at":"#)
            writer.string(fact.learnedAt.description)
            writer.raw("}")
        }
        writer.raw("]}")
    }

    private static func key(_ model: JSONNode, of document: JSONDocument) -> KnowledgeKey? {
        guard let upstream = document.string("upstream", of: model),
            let baseURL = document.string("base_url", of: model),
            let name = document.string("model", of: model)
        else { return nil }
        return KnowledgeKey(upstream: upstream, baseURL: baseURL, model: name)
    }

    /// Nil for what this version cannot read.
    private static func fact(_ fact: JSONNode, of document: JSONDocument, at now: Timestamp) -> Fact? {
        guard let lesson = Self.lesson(fact, of: document),
            let origin = document.string("origin", of: fact).flatMap(FactOrigin.init),
            let learnedAt = document.string("learned_at", of: fact).flatMap({ Timestamp($0) })
        else { return nil }
        // A clock that was ahead may have written it: newer facts shall count all the same, and it shall expire.
        return Fact(lesson, from: origin, at: min(learnedAt, now))
    }
}

// MARK: - Lessons

extension KnowledgeFormat {
    private static func write(_ lesson: Lesson, to writer: inout JSONWriter) {
        switch lesson {
        case .contextWindow(let tokens):
            writer.raw(#""context_window","value":"#)
            writer.integer(tokens)
        case .promptLimit(let tokens):
            writer.raw(#""prompt_limit","value":"#)
            writer.integer(tokens)
        case .maximumOutputTokens(let tokens):
            writer.raw(#""max_output_tokens","value":"#)
            writer.integer(tokens)
        case .refusesImages:
            writer.raw(#""refuses_images""#)
        case .acceptsImages:
            writer.raw(#""accepts_images""#)
        case .takesParameter(let parameter):
            writer.raw(#""takes_parameter","value":"#)
            writer.string(parameter.rawValue)
        case .examined:
            writer.raw(#""examined""#)
        case .refusesParameter(let parameter):
            writer.raw(#""refuses_parameter","value":"#)
            writer.string(parameter.rawValue)
        case .server(let server):
            writer.raw(#""server","value":"#)
            writer.string(server.rawValue)
        case .tokenScale(let thousandths):
            writer.raw(#""token_scale","value":"#)
            writer.integer(thousandths)
        }
    }

    private static func lesson(_ fact: JSONNode, of document: JSONDocument) -> Lesson? {
        let value = document.member("value", of: fact)
        let number = value.flatMap { document.integer($0) }
        let text = value.flatMap { document.string($0) }
        return switch document.string("fact", of: fact) {
        case "context_window": number.map { .contextWindow($0) }
        case "prompt_limit": number.map { .promptLimit($0) }
        case "max_output_tokens": number.map { .maximumOutputTokens($0) }
        case "refuses_images": .refusesImages
        case "accepts_images": .acceptsImages
        case "examined": .examined
        case "takes_parameter": text.flatMap { RequestParameter(rawValue: $0) }.map { .takesParameter($0) }
        case "refuses_parameter": text.flatMap { RequestParameter(rawValue: $0) }.map { .refusesParameter($0) }
        case "token_scale": number.map { .tokenScale($0) }
        case "server": text.flatMap { ServerKind(rawValue: $0) }.map { .server($0) }
        default: nil
        }
    }
}
