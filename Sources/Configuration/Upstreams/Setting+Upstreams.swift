// SPDX-License-Identifier: Apache-2.0

internal import Catalog
internal import Shared

extension Setting {
    /// The `[upstreams.NAME]` tables.
    static let upstreams: [Setting] = [
        Setting(
            named: "upstreams.*.preset", expected: "one of \(Catalog.shipped.presets.list)",
            "The product, for its address and its rules.",
            apply: Self.applyPreset,
            show: { configuration, name in configuration.entries[name]?.preset ?? "" },
        ),
        .entry(
            "base_url", \.baseURL, .line("a URL or one of \(Catalog.shipped.addressedPresets.list)"),
            default: "the preset's",
            "The URL to which `/chat/completions` (or, for `anthropic`, `/v1/messages`) is appended."),
        .entry("kind", \.kind, .choice(), default: "`openai`", "The API that is spoken there."),
        .entry(
            "auth", \.auth, .choice(), default: "the preset's, else `auto`",
            "How to identify ourselves. `auto` takes the key if there is one."),
        Setting(
            named: "upstreams.*.api_key", expected: Self.key.expected, "The key itself.",
            apply: { configuration, name, raw in
                Self.read(raw, as: Self.key, \.apiKey, of: name, isSecret: true, into: &configuration)
            },
            secret: { configuration, name in configuration.entries[name]?.apiKey },
        ),
        .entry("api_key_file", \.apiKeyFile, .line("the path of a file"), "A file with the key on its only line."),
        .entry(
            "api_key_env", \.apiKeyVariable, .line("the name of an environment variable"),
            default: "the variable of the vendor's own tools, for a preset's own address",
            "The environment variable that holds the key."),
        .entry(
            "credential", \.credential, .line("a file name") { !$0.utf8.contains(UInt8(ascii: "/")) },
            default: "`NAME.key`", "The service's credential (`LoadCredential=`) that holds the key."),
        .entry(
            "model", \.model, .line("the name of a model"), default: "`upstream.model`, else the preset's best",
            "The model to ask there."),
        .entry(
            "workspace", \.workspace, .line("the id of a workspace") { $0.utf8.allSatisfy(\.isHostCharacter) },
            "For `dashscope-workspace`: the workspace."),
        .entry(
            "region", \.region,
            .line("one of \(Catalog.shipped.regions.joined(separator: ", "))") {
                $0.utf8.allSatisfy(\.isHostCharacter)
            },
            "For `dashscope-workspace`: its region."),
        .entry(
            "user_agent", \.userAgent, .line("printable ASCII text") { $0.utf8.allSatisfy { $0 < 0x7f } },
            default: "`upstream.user_agent`", "The `User-Agent` header of our requests there."),
        .entry(
            "forward_user_agent", \.forwardsUserAgent, .boolean,
            default: "`true` for the plans that admit coding agents only",
            "Send the client's own `User-Agent` in place of ours."),
        .entry(
            "requests_per_minute", \.requestsPerMinute, .integer(1...100_000), default: "the preset's",
            "Requests beyond this rate wait."),
        Setting(
            named: "upstreams.*.headers.*", expected: "text that fits a header",
            "A header to add to every request there.",
            apply: Self.applyEntryHeader,
            secret: { configuration, name in
                let names = Self.names(name, stars: 2)
                return configuration.entries[names[0]]?.headers.first { $0.name == names[1] }?.value
            },
        ),
    ]

    private static func entry<Value: Sendable>(
        _ key: String,
        _ path: any WritableKeyPath<UpstreamEntry, Value?> & Sendable,
        _ type: SettingType<Value>,
        default defaultText: String? = nil,
        _ summary: String,
    ) -> Setting {
        Setting(
            named: "upstreams.*.\(key)", expected: type.expected, default: defaultText, summary,
            apply: { configuration, name, raw in
                Self.read(raw, as: type, path, of: name, isSecret: false, into: &configuration)
            },
            show: { configuration, name in configuration.entries[name]?[keyPath: path].map(type.show) ?? "" },
        )
    }

    private static let key = SettingType.secret("printable ASCII text without spaces")

    private static func read<Value: Sendable>(
        _ raw: RawSetting, as type: SettingType<Value>, _ path: WritableKeyPath<UpstreamEntry, Value?>,
        of name: String, isSecret: Bool, into configuration: inout Configuration,
    ) -> String? {
        if let objection = UpstreamEntry.objection(to: name) { return objection }
        guard let value = type.read(raw) else { return Self.refusal(of: raw, type.expected, isSecret: isSecret) }
        configuration.entries[name, default: UpstreamEntry()][keyPath: path] = value
        return nil
    }

    private static func applyPreset(to configuration: inout Configuration, name: String, raw: RawSetting) -> String? {
        if let objection = UpstreamEntry.objection(to: name) { return objection }
        let presets = configuration.catalog.presets
        guard let text = raw.characters, let preset = configuration.catalog.preset(named: text) else {
            let suggestion = raw.characters.flatMap { NameSuggestion.nearest(to: $0, among: presets.map(\.name)) }
            return Self.refusal(of: raw, "one of \(presets.list)", isSecret: false)
                + (suggestion.map { ". Did you mean \($0)?" } ?? "")
        }
        configuration.entries[name, default: UpstreamEntry()].preset = preset.name
        return nil
    }

    private static func applyEntryHeader(
        to configuration: inout Configuration, name: String, raw: RawSetting
    ) -> String? {
        let names = Self.names(name, stars: 2)
        if let objection = UpstreamEntry.objection(to: names[0]) { return objection }
        return UpstreamHeader.add(
            raw, named: names[1], to: &configuration.entries[names[0], default: UpstreamEntry()].headers)
    }
}
