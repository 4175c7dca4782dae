// SPDX-License-Identifier: Apache-2.0

import Catalog
import Shared

/// Asks a person what a dialogue wants to know; without a terminal it takes what can be taken and names the option for the
/// rest.
enum UpstreamInterview {
    enum Failure: Error, Equatable {
        /// The end of the input instead of an answer.
        case gaveUp
        /// No person can be asked, and this has to be given.
        case missing(option: String)
        /// No person can be asked again, and what was given cannot be used.
        case refused(String)
    }

    static func run(_ dialogue: inout UpstreamDialogue) throws(Failure) {
        while true {
            switch dialogue.next {
            case .complete:
                return
            case .product(let products):
                dialogue.choose(try Self.product(products))
            case .address:
                try Self.answer("Address of the server, such as http://127.0.0.1:8080/v1", missing: "--base-url") {
                    (text) throws(UpstreamDialogue.Objection) in try dialogue.setAddress(text)
                }
            case .workspace:
                try Self.answer("Id of the workspace", missing: "--workspace") {
                    (text) throws(UpstreamDialogue.Objection) in try dialogue.setWorkspace(text)
                }
            case .region(let regions):
                let region = try Self.choice("Region of the workspace", regions, allowsOthers: false, "--region")
                try Self.accept { () throws(UpstreamDialogue.Objection) in try dialogue.setRegion(region) }
            case .foundKey(let key):
                // A script that sets the variable and names the product means its key.
                let isTaken = !Prompt.isPossible || Prompt.asks("Use the key in \(key.variable)?")
                dialogue.takeFoundKey(key, isTaken)
            case .key(let isRequired):
                try Self.key(&dialogue, isRequired: isRequired)
            case .models(let address, let key):
                // A server that gives no list is no obstacle: then the model is typed.
                dialogue.receive(address.flatMap { ModelList.ask($0, key: key, limit: .seconds(5)) })
            case .model(let models):
                let model = try Self.model(models)
                try Self.accept { () throws(UpstreamDialogue.Objection) in try dialogue.setModel(model) }
            }
        }
    }

    private static func product(_ products: [UpstreamDialogue.Product]) throws(Failure) -> UpstreamDialogue.Product {
        guard Prompt.isPossible else {
            // What is configured already needs no choice.
            if case .configured = products.first { return products[0] }
            throw .missing(option: "--preset or --base-url")
        }
        guard case .option(let index) = Prompt.choice("Which model service?", products.map(\.line)) else {
            throw .gaveUp
        }
        return products[index]
    }

    private static func key(_ dialogue: inout UpstreamDialogue, isRequired: Bool) throws(Failure) {
        guard Prompt.isPossible else {
            guard !isRequired else { throw .missing(option: "--key-stdin, --key-file or --key-env") }
            return try Self.accept { () throws(UpstreamDialogue.Objection) in try dialogue.setKey("") }
        }
        let question = isRequired ? "Key (it is not shown)" : "Key, or Return for none (it is not shown)"
        guard let text = Prompt.secret(question) else { throw .gaveUp }
        try Self.accept { () throws(UpstreamDialogue.Objection) in try dialogue.setKey(text) }
    }

    private static func model(_ models: [String]) throws(Failure) -> String {
        guard !models.isEmpty else {
            guard Prompt.isPossible else { throw .missing(option: "--model") }
            guard let model = Prompt.line("Name of the model") else { throw .gaveUp }
            return model
        }
        return try Self.choice("Which model?", models, allowsOthers: true, "--model")
    }

    /// Without a terminal, the first.
    private static func choice(
        _ title: String, _ options: [String], allowsOthers: Bool, _ option: String,
    ) throws(Failure) -> String {
        guard Prompt.isPossible else {
            guard allowsOthers else { throw .missing(option: option) }
            return options[0]
        }
        switch Prompt.choice(title, options.map { StyledText($0) }, allowsOthers: allowsOthers) {
        case .option(let index): return options[index]
        case .other(let text): return text
        case nil: throw .gaveUp
        }
    }

    private static func answer(
        _ question: String, missing option: String, _ take: (String) throws(UpstreamDialogue.Objection) -> Void,
    ) throws(Failure) {
        guard Prompt.isPossible else { throw .missing(option: option) }
        guard let text = Prompt.line(question) else { throw .gaveUp }
        try Self.accept { () throws(UpstreamDialogue.Objection) in try take(text) }
    }

    /// What cannot be is told, and asked again: the dialogue has not moved.
    private static func accept(_ take: () throws(UpstreamDialogue.Objection) -> Void) throws(Failure) {
        do throws(UpstreamDialogue.Objection) {
            try take()
        } catch {
            guard Prompt.isPossible else { throw .refused(error.message) }
            Terminal.printNote([StyledText(error.message, .yellow)])
        }
    }
}

extension UpstreamInterview.Failure {
    var message: String {
        switch self {
        case .gaveUp: "Nothing was changed."
        case .missing(let option): "Nothing was changed: there is no terminal to ask on. Say \(option)."
        case .refused(let message): "Nothing was changed: \(message)"
        }
    }
}

extension UpstreamDialogue.Product {
    /// As an entry of a list.
    var line: StyledText {
        switch self {
        case .configured(let upstream):
            StyledText("\(upstream.name), as it is", .green)
                + StyledText(" (\(upstream.baseURL.map { "\($0), " } ?? "")\(upstream.model))")
        case .server(let server):
            StyledText(server.title, .green) + StyledText(" at \(server.baseURL)")
        case .key(let key, let known):
            StyledText(known.title, .green) + StyledText(" with the key in \(key.variable)")
        case .login:
            StyledText("The login of qwen-code (its free tier was closed in April 2026)")
        case .known(let known):
            StyledText(known.title)
        }
    }
}
