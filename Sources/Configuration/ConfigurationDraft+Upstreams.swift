// SPDX-License-Identifier: Apache-2.0

internal import Catalog
internal import Shared

extension ConfigurationDraft {
    /// Makes definitions of the `[upstreams.NAME]` tables and decides which upstream answers.
    mutating func completeUpstreams() {
        for (name, entry) in self.configuration.entries.sorted(by: { $0.key < $1.key }) {
            // Its mistakes are noted; the others are looked at all the same, so that all mistakes are told at once.
            guard let definition = self.definition(of: entry, named: name) else { continue }
            self.configuration.namedUpstreams.append(definition)
        }
        self.completeUse()
        self.checkTargets()
    }

    /// Every upstream that a route or a fallback names must be described somewhere.
    private mutating func checkTargets() {
        for text in self.configuration.upstream.fallbacks {
            guard let objection = self.objection(to: RouteTarget(text).upstream) else { continue }
            self.refuse("upstream.fallbacks", objection)
        }
        if let objection = self.configuration.autoMode.classifier.flatMap({
            self.objection(to: RouteTarget($0).upstream)
        }) {
            self.refuse("auto_mode.classifier", objection)
        }
        for (index, rule) in self.configuration.rules.enumerated() {
            if let objection = rule.upstream.flatMap({ self.objection(to: $0) }) {
                self.refuse("upstream", ofRoute: index, objection)
            }
            for objection in (rule.fallbacks ?? []).compactMap({ self.objection(to: $0.upstream) }) {
                self.refuse("fallbacks", ofRoute: index, objection)
            }
        }
        self.warnAboutModelsNamedLikeUpstreams()
    }

    /// Where a model is named, an upstream may be meant.
    private mutating func warnAboutModelsNamedLikeUpstreams() {
        let table = self.configuration.routes.routes.map { ("routes.\"\($0.pattern.pattern)\"", $0.model) }
        let rules = self.configuration.rules.enumerated().compactMap { index, rule in
            rule.upstream == nil ? rule.model.map { ("routes[\(index + 1)].to", $0) } : nil
        }
        for (key, model) in table + rules where self.configuration.entries[model] != nil {
            self.warn(
                "\(key) names a model, and \"\(model)\" is an upstream: [[routes]] with upstream = \"\(model)\" sends "
                    + "requests there.")
        }
    }

    private func objection(to name: String) -> String? {
        let known = [UpstreamDefinition.defaultName] + self.configuration.entries.keys.sorted()
        guard !known.contains(name) else { return nil }
        let suggestion = NameSuggestion.nearest(to: name, among: known).map { ". Did you mean \($0)?" }
        return "there is no upstream \"\(name)\"" + (suggestion ?? "; there is \(known.joined(separator: ", "))")
    }

    private mutating func refuse(_ key: String, ofRoute index: Int, _ message: String) {
        let name = "[\(index + 1)]"
        let source = self.configuration.provenance.last { $0.key == "routes.[].\(key)" && $0.name == name }?.source
        self.mistakes.append(
            ConfigurationMistake(source: source ?? .default, key: "routes\(name).\(key)", message: message))
    }

    private mutating func definition(of entry: UpstreamEntry, named name: String) -> UpstreamDefinition? {
        let preset = entry.preset.flatMap { self.configuration.catalog.preset(named: $0) }
        let api = entry.kind ?? .openAI
        guard let baseURL = self.baseURL(of: entry, named: name, preset: preset, api: api) else { return nil }
        let known = preset?.product ?? self.configuration.catalog.product(ofURL: baseURL)
        let found: UpstreamKey.Found?
        do {
            found = try UpstreamKey(paths: self.paths).find(for: entry, named: name, preset: preset)
        } catch {
            self.refuse(error.setting, of: name, error.reason)
            return nil
        }
        guard let access = self.access(of: entry, named: name, baseURL: baseURL, known: known, key: found?.key) else {
            return nil
        }
        if let found, found.source != .default {
            self.configuration.provenance.append(
                Provenance(key: "upstreams.*.api_key", name: name, source: found.source))
            self.configuration.entries[name]?.apiKey = found.key
        }
        if let file = found?.exposedFile {
            self.warn("\(file) holds a secret and other users can read it. Run: chmod 600 \(file)")
        }
        return UpstreamDefinition(
            name: name,
            product: known?.kind ?? UpstreamProduct(at: baseURL),
            api: api,
            access: access,
            model: entry.model ?? self.configuration.upstream.model ?? known?.defaultModel
                ?? Configuration.assumedModel,
            userAgent: entry.userAgent ?? self.configuration.upstream.userAgent,
            // A name that the user chose for us is kept.
            forwardsUserAgent: entry.forwardsUserAgent ?? (known?.admitsAgentsOnly ?? false && entry.userAgent == nil),
            headers: entry.headers,
            requestsPerMinute: entry.requestsPerMinute ?? known?.requestsPerMinute,
        )
    }

    private mutating func baseURL(
        of entry: UpstreamEntry, named name: String, preset: Preset?, api: UpstreamAPI,
    ) -> String? {
        if let text = entry.baseURL {
            do {
                return try BaseURL.normalise(
                    text, for: api, among: self.configuration.catalog, allowHTTP: self.configuration.upstream.allowHTTP)
            } catch {
                self.refuse("base_url", of: name, self.message(about: error, text))
                return nil
            }
        }
        guard let preset, preset.baseURL != nil else {
            let what = preset.map { "the preset \($0.name) has no address of its own" } ?? "there is no address"
            self.refuse(
                "base_url", of: name, "\(what): set base_url, or preset to one of \(self.addressedPresets.list)")
            return nil
        }
        guard let template = preset.address(for: api) else {
            self.refuse("kind", of: name, "\(preset.name) has no API of the kind \"\(api.rawValue)\" that is known")
            return nil
        }
        guard template.contains("{") else { return template }
        guard let workspace = entry.workspace, let region = entry.region else {
            let missing = entry.workspace == nil ? "workspace" : "region"
            self.refuse(
                missing, of: name,
                "\(preset.name) needs workspace and region (\(preset.regions.joined(separator: ", ")))")
            return nil
        }
        guard preset.regions.contains(region) else {
            self.refuse("region", of: name, "expected one of \(preset.regions.joined(separator: ", "))")
            return nil
        }
        // The workspace becomes part of a host name.
        return template.replacing("{workspace}", with: workspace.lowercased()).replacing("{region}", with: region)
    }

    private mutating func access(
        of entry: UpstreamEntry, named name: String, baseURL: String, known: Product?, key: Secret?,
    ) -> UpstreamDefinition.Access? {
        let authentication = entry.auth ?? (key == nil ? known?.credentials.usualAuthentication : nil) ?? .auto
        switch authentication {
        case .none:
            return .open(baseURL: baseURL)
        case .oauth:
            var selection = self.configuration.defaultSelection
            (selection.authentication, selection.baseURL) = (.oauth, entry.baseURL.map { _ in baseURL })
            if case .untrustedHost(let url) = selection.objection() {
                self.refuse(
                    "base_url", of: name,
                    "the OAuth token would be sent to \(url). Add the host to upstream.trusted_hosts if that is meant")
                return nil
            }
            return .credentials(baseURL: selection.baseURL, loginOnly: true)
        case .auto, .apiKey, .xAPIKey:
            guard let key else {
                let needsKey = authentication != .auto || known?.keyVariable != nil
                // A server of one's own usually wants no key.
                guard needsKey else { return .open(baseURL: baseURL) }
                self.refuse(
                    "api_key", of: name,
                    "\(entry.preset ?? known?.title ?? "this upstream") needs a key: set api_key_file, api_key_env or api_key"
                        + (known?.keyVariable.map { ", or the variable \($0)" } ?? ""))
                return nil
            }
            let isMessagesAPI = entry.kind == .anthropic
            let usual = isMessagesAPI ? known?.anthropicKeyHeader ?? .bearer : .bearer
            return .key(key, header: authentication == .xAPIKey ? .xAPIKey : usual, baseURL: baseURL)
        }
    }

    private mutating func completeUse() {
        if let use = self.configuration.upstream.use {
            if let objection = self.objection(to: use) { return self.refuse("upstream.use", objection) }
            self.preferAddressOfThisRun()
            return
        }
        let names = self.configuration.entries.keys.sorted()
        // With a mistake it is not known whether `[upstream]` describes one.
        guard self.configuration.mode == .demo, self.configuration.upstream.auth == .auto, !names.isEmpty,
            self.mistakes.isEmpty
        else { return }
        // There is no other that could be meant.
        if names.count == 1 {
            self.configuration.upstream.use = names[0]
        } else {
            self.refuse(
                "upstream.use",
                "there are several upstreams, and none is said to answer: `qwenproxyctl upstream use NAME` chooses one of "
                    + names.joined(separator: ", "))
        }
    }

    /// An address that was given for this run goes before a choice that a file made for all runs.
    private mutating func preferAddressOfThisRun() {
        guard case .file = self.source(of: "upstream.use") else { return }
        switch self.source(of: "upstream.base_url") {
        case .environment, .flag:
            self.warn(
                "\(self.source(of: "upstream.base_url")) goes before upstream.use of "
                    + "\(self.source(of: "upstream.use")): the upstream \"default\" answers.")
            self.configuration.upstream.use = nil
        case .default, .secretFile, .file, .socketUnit: break
        }
    }

    /// A mistake in the table of one upstream: at the line of the key, else where the table begins.
    private mutating func refuse(_ key: String, of name: String, _ message: String) {
        let own = self.configuration.provenance.filter { $0.isAbout(upstream: name) }
        let source = own.last { $0.key == "upstreams.*.\(key)" }?.source ?? own.first?.source ?? .default
        self.mistakes.append(
            ConfigurationMistake(source: source, key: "upstreams.\(Setting.quoted(name)).\(key)", message: message))
    }
}

extension Product.Credentials {
    /// How an upstream identifies its users when nothing else is said.
    fileprivate var usualAuthentication: UpstreamEntry.Authentication {
        switch self {
        case .key, .keyOrNone: .auto
        case .login: .oauth
        case .none: .none
        }
    }
}

extension Preset {
    /// The address for one API; nil when the preset has none for it.
    func address(for api: UpstreamAPI) -> String? {
        switch api {
        case .openAI: self.baseURL
        case .anthropic: self.anthropicURL
        }
    }
}
