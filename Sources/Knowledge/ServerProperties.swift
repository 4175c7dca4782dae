// SPDX-License-Identifier: Apache-2.0

import Translation

/// What llama.cpp says about itself: `GET /props`.
enum LlamaProperties {
    /// `n_ctx` there is the window of one slot, so it is what a request has. A router, and a server that loads, say 0.
    static func lessons(in bytes: [UInt8]) -> [Lesson] {
        guard let document = try? JSONDocument(parsing: bytes),
            let settings = document.member("default_generation_settings", of: document.root)
        else { return [] }
        var lessons = [Lesson.server(.llamaCpp)]
        if let tokens = document.member("n_ctx", of: settings).flatMap({ document.integer($0) }), tokens > 0 {
            lessons.append(.contextWindow(tokens))
        }
        let vision = document.member("modalities", of: document.root).flatMap { document.member("vision", of: $0) }
        if vision.flatMap({ document.boolean($0) }) == false { lessons.append(.refusesImages) }
        return lessons.filter(\.isPlausible)
    }
}

/// What Ollama says about a model: `POST /api/show`.
enum OllamaModelCard {
    /// `model_info.*.context_length` is what the model was trained for. Ollama serves `num_ctx`, which the model's
    /// parameters, `OLLAMA_CONTEXT_LENGTH` or a default that depends on the memory decide, but never more than the model
    /// was trained for. So the card tells a window only where it has `num_ctx`.
    static func lessons(in bytes: [UInt8]) -> [Lesson] {
        guard let document = try? JSONDocument(parsing: bytes),
            let information = document.member("model_info", of: document.root)
        else { return [] }
        var lessons = [Lesson.server(.ollama)]
        if let served = Self.servedWindow(of: document.string("parameters", of: document.root) ?? "") {
            lessons.append(.contextWindow(min(served, Self.trainedWindow(information, of: document) ?? served)))
        }
        if let capabilities = document.member("capabilities", of: document.root),
            document.kind(of: capabilities) == .array,
            // A list without the word says no; a card without the list says nothing.
            !document.elements(of: capabilities).contains(where: { document.isString($0, "vision") })
        {
            lessons.append(.refusesImages)
        }
        return lessons.filter(\.isPlausible)
    }

    /// One parameter a line, its name and its value separated by spaces.
    private static func servedWindow(of parameters: String) -> Int? {
        for line in parameters.split(whereSeparator: \.isNewline) {
            let words = line.split(whereSeparator: \.isWhitespace)
            if words.count == 2, words[0] == "num_ctx" { return Int(words[1]).flatMap { $0 > 0 ? $0 : nil } }
        }
        return nil
    }

    private static func trainedWindow(_ information: JSONNode, of document: JSONDocument) -> Int? {
        for (name, value) in document.members(of: information)
        where document.string(name)?.hasSuffix(".context_length") ?? false {
            return document.integer(value).flatMap { $0 > 0 ? $0 : nil }
        }
        return nil
    }
}
