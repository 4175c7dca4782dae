// SPDX-License-Identifier: Apache-2.0

import Catalog
import Shared

/// Which question comes next on the way to an upstream, and what an answer means. A pure value: someone else asks.
///
/// What was said with options is never asked for.
struct UpstreamDialogue {
    enum Step: Equatable {
        case product([Product])
        case address
        case workspace
        case region([String])
        /// Whether to take the key that was found.
        case foundKey(Survey.Key)
        case key(isRequired: Bool)
        /// The server is to be asked what it has, at this address.
        case models(address: String?, key: String?)
        /// The best first.
        case model([String])
        case complete
    }

    /// Something to choose that leads to an upstream.
    enum Product: Equatable {
        /// One that is configured already, and stays as it is.
        case configured(UpstreamStatus)
        case server(LocalServer)
        case key(Survey.Key, Preset)
        case login(path: String)
        case known(Preset)
    }

    /// An answer that cannot be, in words that say what can.
    struct Objection: Error, Equatable {
        var message: String
    }

    private(set) var draft: UpstreamDraft
    let survey: Survey
    /// The one that answers first.
    let configured: [UpstreamStatus]
    /// The upstream that the draft names is there and stays as it is.
    private(set) var isKept = false
    private var refusedKey = false
    private var isKeyless = false
    /// Nil until the server was asked.
    private var models: [String]?

    init(_ draft: UpstreamDraft = UpstreamDraft(), survey: Survey, configured: [UpstreamStatus] = []) {
        self.draft = draft
        self.survey = survey
        // The demo is what answers until something is configured, and no choice.
        self.configured = configured.filter { $0.kind != .demo }
    }

    var next: Step {
        if self.isKept { return .complete }
        if self.draft.preset == nil, self.draft.baseURL == nil { return .product(self.products) }
        let known = self.known
        if let known, self.draft.baseURL == nil {
            if known.baseURL == nil { return .address }
            // A workspace of Model Studio has a host name of its own, made of its ID and its region.
            if known.baseURL?.contains("{") == true {
                if self.draft.workspace == nil { return .workspace }
                if self.draft.region == nil { return .region(known.regions) }
            }
        }
        if let step = self.keyStep(known) { return step }
        guard self.draft.model == nil else { return .complete }
        guard let models = self.models else {
            return .models(address: self.draft.address(in: self.survey.catalog), key: self.literalKey)
        }
        return .model(models)
    }

    private func keyStep(_ known: Preset?) -> Step? {
        guard self.draft.key == nil, !self.isKeyless, !["none", "oauth"].contains(self.draft.auth) else { return nil }
        switch known?.product.credentials {
        case .login, .some(.none):
            return nil
        case .key:
            // Asked before it is taken: the variable may have been set for another program.
            if let known, !self.refusedKey, let found = self.survey.key(for: known) { return .foundKey(found) }
            return .key(isRequired: true)
        case .keyOrNone, nil:
            return .key(isRequired: false)
        }
    }

    private var known: Preset? { self.draft.known(in: self.survey.catalog) }

    private var literalKey: String? {
        if case .literal(let key) = self.draft.key { key } else { nil }
    }

    /// What is configured, what was found, then everything else.
    private var products: [Product] {
        let keys = self.survey.keys.flatMap { key in self.survey.presets(for: key).map { Product.key(key, $0) } }
        let withKey = self.survey.keys.map(\.variable)
        let others = self.survey.catalog.presets.filter { known in
            known.product.credentials != .login && !withKey.contains(known.keyVariable ?? "")
        }
        let login = self.configured.contains { $0.kind == .oauth } ? nil : self.survey.login
        return self.configured.map { .configured($0) } + self.survey.offeredServers.map { .server($0) } + keys
            + (login.map { [.login(path: $0)] } ?? []) + others.map { .known($0) }
    }

    mutating func choose(_ product: Product) {
        switch product {
        case .configured(let upstream):
            self.draft.name = upstream.name
            self.draft.model = upstream.model
            self.isKept = true
        case .server(let server):
            self.draft.preset = "local"
            self.draft.baseURL = server.baseURL
            self.draft.name = self.draft.name ?? server.name
            self.models = server.models
        case .key(let key, let known):
            self.draft.preset = known.name
            self.draft.key = .literal(key.value)
        case .login:
            self.draft.preset = "portal"
        case .known(let known):
            self.draft.preset = known.name
        }
    }

    mutating func setAddress(_ text: String) throws(Objection) { self.draft.baseURL = try Self.url(text) }

    /// What a person types for an address, as a URL.
    static func url(_ text: String) throws(Objection) -> String {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw Objection(message: "That is no address. One looks like http://127.0.0.1:8080/v1.")
        }
        if ServerAddress(url: text) != nil { return text }
        guard !text.contains("://"), let guess = ServerAddress(url: "http://\(text)") else {
            throw Objection(message: "That is no address. One looks like http://127.0.0.1:8080/v1.")
        }
        throw Objection(
            message: guess.isLoopback
                ? "Write http:// in front of it: http://\(text)" : "Write https:// in front of it: https://\(text)")
    }

    mutating func setWorkspace(_ text: String) throws(Objection) {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0.isLetterOrDigit || $0 == UInt8(ascii: "-") }) else {
            throw Objection(message: "The id of a workspace has letters, digits and -, such as llm-0123456789.")
        }
        self.draft.workspace = text
    }

    mutating func setRegion(_ text: String) throws(Objection) {
        let regions = self.known?.regions ?? []
        guard regions.contains(text) else {
            throw Objection(message: "The regions are \(regions.joined(separator: ", ")).")
        }
        self.draft.region = text
    }

    mutating func takeFoundKey(_ key: Survey.Key, _ isTaken: Bool) {
        if isTaken { self.draft.key = .literal(key.value) } else { self.refusedKey = true }
    }

    /// - Parameter text: empty for none, where none is needed.
    mutating func setKey(_ text: String) throws(Objection) {
        guard !text.isEmpty else {
            guard self.next == .key(isRequired: false) else { throw Objection(message: "This product needs a key.") }
            self.isKeyless = true
            return
        }
        guard Self.isKey(text) else {
            throw Objection(
                message: "A key is printable ASCII text without spaces. It may not have been copied as a whole.")
        }
        self.draft.key = .literal(text)
    }

    static func isKey(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    /// - Parameter models: as the server says; nil when it does not.
    mutating func receive(_ models: [String]?) {
        let suggested = self.known?.models ?? []
        guard let models, !models.isEmpty else {
            self.models = suggested
            return
        }
        let best = suggested.filter(models.contains)
        let others = models.filter { !best.contains($0) }
        // Where there are hundreds, only the first are shown.
        let (qwen, rest) = (others.filter(Self.isQwen), others.filter { !Self.isQwen($0) })
        self.models = best + qwen + rest
    }

    private static func isQwen(_ model: String) -> Bool { model.lowercased().contains("qwen") }

    mutating func setModel(_ text: String) throws(Objection) {
        guard text.isShowableName else {
            throw Objection(message: "A model needs a name, on one line.")
        }
        self.draft.model = text
    }

    /// What it is called when no name was chosen.
    var name: String { self.draft.name ?? self.draft.preset ?? "custom" }
}
