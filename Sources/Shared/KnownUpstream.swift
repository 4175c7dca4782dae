// SPDX-License-Identifier: Apache-2.0

/// A product that the daemon knows by name (a preset), as far as both programs have to agree on it.
public struct KnownUpstream: Sendable, Equatable {
    /// How its users are identified.
    public enum Credentials: Sendable, Equatable {
        /// By a key, which the vendor's own tools look for in this variable.
        case key(variable: String)
        /// By a key, or not at all.
        case keyOrNone
        /// By the login of qwen-code.
        case login
        case open
    }

    /// The name of the preset.
    public let name: String
    /// For people.
    public let title: String
    public let product: UpstreamProduct
    /// Nil where only the user knows; `{workspace}` and `{region}` are filled in.
    public let baseURL: String?
    /// How its users are identified.
    public let credentials: Credentials
    /// Models to begin with, the best one for coding first. Names change: what the server says goes before this.
    public let models: [String]

    /// The variable in which the vendor's own tools look for the key.
    public var keyVariable: String? {
        if case .key(let variable) = self.credentials { variable } else { nil }
    }

    /// Nil when no product has this name. Case does not matter.
    public static func named(_ name: String) -> KnownUpstream? {
        self.all.first { $0.name == name.lowercased() }
    }

    /// The regions of Model Studio's workspaces.
    public static let regions = [
        "cn-beijing", "ap-southeast-1", "cn-hongkong", "us-east-1", "eu-central-1", "ap-northeast-1",
    ]

    /// Every product, in the order in which they are offered.
    public static let all: [KnownUpstream] = [
        .codingPlan("coding-plan-intl", "Coding Plan, international", host: "coding-intl.dashscope.aliyuncs.com"),
        .codingPlan("coding-plan-cn", "Coding Plan, China", host: "coding.dashscope.aliyuncs.com"),
        .tokenPlan("token-plan-intl", "Token Plan, international", host: "token-plan.ap-southeast-1.maas.aliyuncs.com"),
        .tokenPlan("token-plan-cn", "Token Plan, China", host: "token-plan.cn-beijing.maas.aliyuncs.com"),
        .modelStudio("dashscope-intl", "Model Studio, Singapore", host: "dashscope-intl.aliyuncs.com"),
        .modelStudio("dashscope-cn", "Model Studio, Beijing", host: "dashscope.aliyuncs.com"),
        .modelStudio("dashscope-us", "Model Studio, Virginia", host: "dashscope-us.aliyuncs.com"),
        .modelStudio("dashscope-hk", "Model Studio, Hong Kong", host: "cn-hongkong.dashscope.aliyuncs.com"),
        .modelStudio(
            "dashscope-workspace", "Model Studio, a workspace of your own",
            host: "{workspace}.{region}.maas.aliyuncs.com"),
        KnownUpstream(
            name: "openrouter", title: "OpenRouter", product: .openRouter, baseURL: "https://openrouter.ai/api/v1",
            credentials: .key(variable: "OPENROUTER_API_KEY"), models: ["qwen/qwen3-coder"]),
        KnownUpstream(
            name: "portal", title: "Qwen OAuth (free tier closed in April 2026)", product: .portal,
            baseURL: "https://portal.qwen.ai/v1", credentials: .login, models: ["coder-model"]),
        KnownUpstream(
            name: "local", title: "A server of your own, without a key", product: .local, baseURL: nil,
            credentials: .open, models: []),
        KnownUpstream(
            name: "custom", title: "Anything else", product: .other, baseURL: nil, credentials: .keyOrNone, models: []),
    ]

    private static func modelStudio(_ name: String, _ title: String, host: String) -> KnownUpstream {
        KnownUpstream(
            name: name, title: title, product: .modelStudio, baseURL: "https://\(host)/compatible-mode/v1",
            credentials: .key(variable: "DASHSCOPE_API_KEY"),
            models: [
                "qwen3.7-plus", "qwen4-max", "qwen3.8-max", "qwen3.8-flash", "qwen3-coder-next", "qwen3-coder-flash",
            ])
    }

    private static func codingPlan(_ name: String, _ title: String, host: String) -> KnownUpstream {
        KnownUpstream(
            name: name, title: title, product: .codingPlan, baseURL: "https://\(host)/v1",
            credentials: .key(variable: "BAILIAN_CODING_PLAN_API_KEY"),
            models: ["qwen3.7-plus", "qwen3.6-plus", "qwen3.5-plus", "qwen3-coder-next", "glm-5", "kimi-k2.5"])
    }

    private static func tokenPlan(_ name: String, _ title: String, host: String) -> KnownUpstream {
        KnownUpstream(
            name: name, title: title, product: .tokenPlan, baseURL: "https://\(host)/compatible-mode/v1",
            credentials: .key(variable: "BAILIAN_TOKEN_PLAN_API_KEY"),
            models: ["qwen3.7-plus", "qwen3.8-max", "qwen3.7-max", "qwen3.8-flash"])
    }
}

/// What kind of service an upstream is. The same words of an error mean different things at different products, so the
/// advice that goes with them depends on this.
public enum UpstreamProduct: String, Sendable, Equatable {
    /// The endpoint of qwen-code's login.
    case portal
    /// Alibaba's Model Studio, paid as it is used.
    case modelStudio
    /// A plan for coding agents, with quotas by the hour, week and month.
    case codingPlan
    case tokenPlan
    case openRouter
    /// A server of the user's own.
    case local
    case other
}
