// SPDX-License-Identifier: Apache-2.0

extension Setting {
    /// The outbound side: which upstream, and who we are there.
    static let upstream: [Setting] = [
        Setting(
            "upstream.base_url", "QWEN_BASE_URL", flag: "--base-url", \.upstream.baseURL,
            SettingType.line("a URL or one of \(Preset.list)").optional,
            "The upstream: the URL to which `/chat/completions` is appended, or the name of a preset."),
        Setting(
            "upstream.auth", "QWEN_AUTH", flag: "--auth", \.upstream.auth, .choice(),
            "How to identify ourselves. `auto` takes the API key, else the OAuth file, else nothing."),
        Setting(
            "upstream.api_key", "QWEN_API_KEY", \.upstream.apiKey,
            SettingType.secret("printable ASCII text without spaces").optional, isSecret: true,
            "The upstream's API key."),
        Setting(
            "upstream.api_key_file", "QWEN_API_KEY_FILE", flag: "--api-key-file", \.upstream.apiKeyFile,
            SettingType.line("the path of a file").optional,
            default: "the service's credential `qwen-api-key` or `api-key`",
            "A file with the API key on its only line."),
        Setting(
            "upstream.model", "QWEN_MODEL", flag: "--model", \.upstream.model, .line("the name of a model"),
            "The model that answers when no route says otherwise."),
        Setting(
            "upstream.pass_through_models", "QWEN_PASS_THROUGH_MODELS", \.upstream.passThroughModels, .boolean,
            "Send a requested model that is not one of Anthropic's on under its own name."),
        Setting(
            "upstream.user_agent", "QWEN_USER_AGENT", \.upstream.userAgent,
            .line("printable ASCII text") { $0.utf8.allSatisfy { $0 < 0x7f } }, default: "`qwenproxyd/VERSION`",
            "The `User-Agent` header of our requests."),
        Setting(
            "upstream.ca_file", "QWEN_CA_FILE", \.upstream.caFile, SettingType.line("the path of a file").optional,
            effect: .restart, default: "the system's certificates",
            "A PEM file with the certificates to trust."),
        Setting(
            "upstream.trusted_hosts", "QWEN_TRUSTED_HOSTS", \.upstream.trustedHosts,
            .list(of: .trustedHost, "a list of hosts, `*.` in front for all below a domain"),
            "Hosts that may receive the OAuth token, beside `*.qwen.ai` and `*.aliyuncs.com`."),
        Setting(
            "upstream.allow_http", "QWEN_ALLOW_HTTP", \.upstream.allowHTTP, .boolean,
            "Allow plain `http` to a host that is neither on this machine nor on a private network."),
        Setting(
            named: "upstream.headers.*", expected: "text that fits a header", isSecret: true,
            "A header to add to every request to the upstream.",
            apply: Self.applyHeader,
            show: { configuration, name in
                configuration.upstream.headers.first { $0.name == name }.map { "\($0.value)" } ?? ""
            },
        ),
        Setting(
            "oauth.directory", "QWEN_HOME", \.oauth.directory, .line("the path of a directory"),
            default: "`~/.qwen`",
            "The directory of `oauth_creds.json`, which `qwen` writes."),
    ]

    private static func applyHeader(to configuration: inout Configuration, name: String, raw: RawSetting) -> String? {
        if let objection = UpstreamHeader.objection(to: name) { return "the header \(objection)" }
        guard let value = SettingType<String>.line("").read(raw), value.utf8.allSatisfy({ $0 < 0x7f }) else {
            return Self.refusal(of: raw, "printable ASCII text", isSecret: true)
        }
        let isDuplicate = configuration.upstream.headers.contains { $0.name.lowercased() == name.lowercased() }
        guard !isDuplicate else { return "the header is there twice, in different spellings" }
        guard configuration.upstream.headers.count < 32 else { return "there are more than 32 headers" }
        configuration.upstream.headers.append(UpstreamHeader(name: name, value: Secret(value)))
        return nil
    }
}

extension SettingType where Value == String {
    fileprivate static let trustedHost = line("a host") { text in
        let host = text.hasPrefix("*.") ? text.dropFirst(2) : text[...]
        // A top-level domain would trust half of the world.
        return host.utf8.allSatisfy(\.isHostCharacter) && (text == host || host.dropLast().contains("."))
    }
}
