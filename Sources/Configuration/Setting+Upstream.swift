// SPDX-License-Identifier: Apache-2.0

internal import Catalog

extension Setting {
    /// The outbound side: which upstream, and how we identify ourselves there.
    static let upstream: [Setting] = [
        Setting(
            "upstream.base_url", "QWEN_BASE_URL", flag: "--base-url", \.upstream.baseURL,
            SettingType.line("a URL or one of \(Catalog.shipped.addressedPresets.list)").optional,
            "The upstream: the URL to which `/chat/completions` is appended, or the name of a preset."),
        Setting(
            "upstream.auth", "QWEN_AUTH", flag: "--auth", \.upstream.auth, .choice(),
            "How to identify ourselves. `auto` takes the API key, else the OAuth file, else nothing."),
        Setting(
            "upstream.api_key", "QWEN_API_KEY", secret: \.upstream.apiKey,
            .secret("printable ASCII text without spaces"), "The upstream's API key."),
        Setting(
            "upstream.api_key_file", "QWEN_API_KEY_FILE", flag: "--api-key-file", \.upstream.apiKeyFile,
            SettingType.line("the path of a file").optional,
            default: "the service's credential `qwen-api-key` or `api-key`",
            "A file with the API key on its only line."),
        Setting(
            "upstream.model", "QWEN_MODEL", flag: "--model", \.upstream.model,
            SettingType.line("the name of a model").optional,
            default: "the preset's best model, else `qwen3-coder-plus`",
            "The model that answers when no route says otherwise."),
        Setting(
            "upstream.use", "QWEN_UPSTREAM", flag: "--upstream", \.upstream.use,
            SettingType.line("`default` or the name in an `[upstreams.NAME]` table").optional,
            default: "`default`, or the only other one where `[upstream]` describes none",
            "The upstream that answers when no route says otherwise."),
        Setting(
            "upstream.fallbacks", "QWEN_FALLBACKS", \.upstream.fallbacks,
            .list(of: .line("an upstream"), "a list of `UPSTREAM` or `UPSTREAM/MODEL`"),
            "The upstreams that are asked instead, in this order, when an upstream is down, out of quota or does not know the "
                + "model."),
        Setting(
            "upstream.pass_through_models", "QWEN_PASS_THROUGH_MODELS", \.upstream.passThroughModels, .boolean,
            "Send a requested model that is not one of Anthropic's on under its own name."),
        Setting(
            "upstream.discover_limits", "QWEN_DISCOVER_LIMITS", \.upstream.discoversLimits, .boolean,
            "Ask servers of your own and others that are not Alibaba's which window, limits and abilities their models have."
        ),
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
            named: "upstream.headers.*", expected: "text that fits a header",
            "A header to add to every request to the upstream.",
            apply: { configuration, name, raw in
                UpstreamHeader.add(raw, named: name, to: &configuration.upstream.headers)
            },
            secret: { configuration, name in configuration.upstream.headers.first { $0.name == name }?.value },
        ),
    ]
}

extension SettingType where Value == String {
    fileprivate static let trustedHost = line("a host") { text in
        let host = text.hasPrefix("*.") ? text.dropFirst(2) : text[...]
        // A top-level domain would trust half of the world.
        return host.utf8.allSatisfy(\.isHostCharacter) && (text == host || host.dropLast().contains("."))
    }
}
