// SPDX-License-Identifier: Apache-2.0

import Catalog
import Configuration
import Credentials
import Shared

/// What to do about a refusal: the probable cause at this kind of upstream, and the command that helps. These are the words
/// in the client, in the log and in the status alike.
extension UpstreamIdentity {
    /// The upstream by the name in the configuration and by its host.
    var title: String {
        self.kind == .demo ? "the demo" : "upstream \"\(self.name)\" (\(self.host))"
    }

    var credentialsAdvice: String {
        switch (self.kind, self.product) {
        case (.oauth, _):
            LoginAdvice.text
        case (.apiKey, .codingPlan), (.apiKey, .tokenPlan):
            """
            \(self.productName) takes only its own keys (sk-sp-...), in the region where it was bought, while it is paid; \
            with a key of another product it says the same. \(self.keyCommand)
            """
        case (.apiKey, .modelStudio):
            """
            A Model Studio key is bound to one region and workspace, and a key of a plan (sk-sp-...) works at the plan's \
            own address only. \(self.keyCommand)
            """
        case (.apiKey, .openRouter):
            "Check the key at openrouter.ai/keys. \(self.keyCommand)"
        case (.apiKey, .portal):
            "The portal takes the token of a login, not a key. \(self.keyCommand)"
        case (.apiKey, .local), (.apiKey, .other):
            "A key is bound to one product and one region: does it belong to \(self.host)? \(self.keyCommand)"
        case (.open, _):
            "It is used without a key, and it seems to want one. \(self.keyCommand)"
        case (.demo, _):
            "This is the demo upstream; it should never refuse anything."
        }
    }

    /// For a model that the upstream does not know, or not for us.
    var modelAdvice: String {
        let retired = self.retirement.map { retirement in
            " \(self.productName) \(retirement.isOver(at: .now()) ? "retired" : "retires") it on \(retirement.on)"
                + (retirement.successor.map { "; \($0) is the successor." } ?? ".")
                + (retirement.successor == nil ? retirement.present.map { " It has \($0)." } ?? "" : "")
        }
        let plan =
            self.product == .codingPlan || self.product == .tokenPlan
            ? " \(self.productName) has a list of models; others are refused." : ""
        return "The model asked for was \"\(self.model)\".\(retired ?? "")\(plan)\(self.offer) \(self.modelCommand)"
    }

    private var offer: String {
        self.offeredModels.isEmpty ? "" : " Models that it has: \(self.offeredModels.joined(separator: ", "))."
    }

    /// For a model that was taken for one that sees.
    var imagesAdvice: String {
        "With models.\"\(self.model)\".vision = false in the configuration, images are left out and said to be missing."
    }

    var quotaAdvice: String {
        switch self.product {
        case .codingPlan, .tokenPlan:
            "The quota of \(self.productName) is used up until it is reset. \(Self.fallbackCommand)"
        case .portal:
            "The free quota of the login is used up, and since 2026-04-15 it does not come back. \(Self.fallbackCommand)"
        case .modelStudio, .openRouter, .local, .other:
            "Retrying does not help before the quota is reset or raised. \(Self.fallbackCommand)"
        }
    }

    var billingAdvice: String {
        "The account at \(self.host) has to be paid or topped up. \(Self.fallbackCommand)"
    }

    /// The Coding Plan knows its clients by their `User-Agent`.
    var agentsOnlyAdvice: String {
        """
        This plan admits known coding agents only, and knows them by their User-Agent: the client's own is passed on \
        unless user_agent (QWEN_USER_AGENT) or forward_user_agent says otherwise.
        """
    }

    var unreachableAdvice: String {
        switch self.product {
        case .local: "Is it running? \(self.addressCommand)"
        case .portal, .modelStudio, .codingPlan, .tokenPlan, .openRouter, .other:
            "Check the network, the proxy variables and the address. \(self.addressCommand)"
        }
    }

    /// For an upstream that sends requests elsewhere.
    func redirectAdvice(to location: String?) -> String {
        let setting = self.isDefault ? "QWEN_BASE_URL (upstream.base_url)" : "base_url of upstreams.\(self.name)"
        // What was appended to the address is no part of it.
        let suffix = ["/chat/completions", "/v1/messages"].first { location?.hasSuffix($0) == true }
        guard let location, let suffix else {
            return "It looks like a page for people, a login for example; check \(setting)."
        }
        return "If that is the right place, set \(setting) to \(location.dropLast(suffix.count))."
    }

    private var isDefault: Bool { self.name == UpstreamDefinition.defaultName }

    private var addressCommand: String {
        self.isDefault
            ? "Its address is QWEN_BASE_URL (upstream.base_url)."
            : "`qwenproxyctl upstream add \(self.name) --replace --base-url URL` gives it another address."
    }

    private var keyCommand: String {
        self.isDefault
            ? "Check that QWEN_API_KEY and QWEN_BASE_URL belong together (`qwenproxyd --check-config` shows where they "
                + "come from)."
            : "`qwenproxyctl upstream add \(self.name) --replace --key-stdin` reads another from standard input."
    }

    private var modelCommand: String {
        self.isDefault
            ? "Set QWEN_MODEL (upstream.model) to one this upstream has."
            : "`qwenproxyctl upstream add \(self.name) --replace --model NAME` gives it one that it has."
    }

    private static let fallbackCommand =
        "Another upstream can step in: `qwenproxyctl upstream add`, and upstream.fallbacks in the configuration."

    private var productName: String {
        switch self.product {
        case .portal: "the Qwen portal"
        case .modelStudio: "Model Studio"
        case .codingPlan: "the Coding Plan"
        case .tokenPlan: "the Token Plan"
        case .openRouter: "OpenRouter"
        case .local: "the local server"
        case .other: "this product"
        }
    }
}
