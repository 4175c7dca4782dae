// SPDX-License-Identifier: Apache-2.0

import Shared

/// Every field set, or every field that may be absent absent.
enum SampleStatus {
    static let pending = ConfigurationReport.Pending(
        key: "server.port", value: "2", source: "/f:1", obstacle: .socketUnit)

    static let full = DaemonStatus(
        state: .running, pid: 4711, startedAt: Timestamp(secondsSinceEpoch: 1_800_000_000), logLevel: .info,
        listeners: [ListenerStatus(role: .http, address: "127.0.0.1:3455", inherited: true)],
        upstreams: [
            UpstreamStatus(
                name: "default", kind: .apiKey, api: .openai, baseURL: "https://example.com/v1",
                model: "qwen3-coder-plus", state: .reachable, restsFor: 7, attempts: 3, failures: 1, lastError: "no",
                limits: Self.limits)
        ],
        credentials: CredentialsStatus(
            state: .valid, detail: "fine", path: "/home/a/.qwen/oauth_creds.json",
            expiresAt: Timestamp(secondsSinceEpoch: 1_800_003_600)),
        connections: ConnectionCounts(open: 3, limit: 4096, refused: 1, descriptors: 40, descriptorLimit: 8192),
        requests: RequestCounts(inFlight: 2, streaming: 1, total: 30, failed: 4),
        requestClasses: [NamedCount(name: "main", count: 20)],
        tokens: TokenCounts(input: 100, output: 20, cached: 50),
        interventions: [NamedCount(name: "call_recovered", count: 2)],
        verdicts: [NamedCount(name: "flagged", count: 1)],
        lastErrors: [
            RecordedError(
                time: Timestamp(secondsSinceEpoch: 1_800_000_100), requestID: "req_1", kind: "api_error", message: "no")
        ],
        configurationSources: ["/etc/qwenproxyd/config.toml"],
        configurationMistakes: ["/etc/qwenproxyd/config.toml:3: server.prot: there is no such setting."],
        describedUpstreams: [Self.described],
        predecessors: [Self.predecessor],
        today: [Self.totals],
    )

    static let described = DescribedUpstream(name: "plan", model: "qwen3.7-plus")

    static let totals = ModelTotals(
        upstream: "example.com", model: "qwen3-coder-plus", requests: 3, failed: 1,
        tokens: TokenCounts(input: 100, output: 20, cached: 50), cost: 1200)

    static let predecessor = PredecessorStatus(
        pid: 4710, until: Timestamp(secondsSinceEpoch: 1_800_003_600), inFlight: 20, streaming: 19, live: [Self.live])

    static let live = LiveRequestStatus(
        id: "req_1", model: "claude-sonnet-5", upstream: "example.com", upstreamModel: "qwen3-coder-plus",
        state: .answering, streaming: true, age: 1200, firstByte: 400, outputTokens: 7)

    static let limits = ModelLimits(
        contextWindow: 8192, contextWindowOrigin: .properties,
        contextWindowLearnedAt: Timestamp(secondsSinceEpoch: 1_800_000_000), maxOutputTokens: 4096,
        maxOutputTokensOrigin: .modelList, maxOutputTokensLearnedAt: Timestamp(secondsSinceEpoch: 1_800_000_000),
        server: "llama.cpp", refuses: ["images"], examinedAt: Timestamp(secondsSinceEpoch: 1_800_000_000))

    static let logLevel = LogLevelReport(level: .debug, subsystems: [.init(name: .upstream, level: .trace)])

    static let report = MonitorReport(
        state: .draining, time: Timestamp(secondsSinceEpoch: 1_800_000_000),
        requests: RequestCounts(inFlight: 2, streaming: 1, total: 30, failed: 4),
        tokens: TokenCounts(input: 100, output: 20, cached: 50),
        live: [Self.live],
        finished: [
            FinishedRequestStatus(
                id: "req_0", model: "claude-sonnet-5", upstream: "example.com", upstreamModel: "qwen3-coder-plus",
                outcome: .failed, error: "api_error", time: Timestamp(secondsSinceEpoch: 1_800_000_000), duration: 900,
                firstByte: 300, tokens: TokenCounts(input: 1, output: 2, cached: 0), cost: 7)
        ],
        models: [Self.totals],
        predecessors: [Self.predecessor])

    static let sparse: DaemonStatus = {
        var status = Self.full
        status.listeners = []
        status.upstreams[0].baseURL = nil
        status.upstreams[0].restsFor = nil
        status.upstreams[0].lastError = nil
        status.upstreams[0].limits = nil
        status.credentials = CredentialsStatus(state: .demo)
        status.lastErrors[0].requestID = nil
        status.configurationMistakes = nil
        status.describedUpstreams = nil
        status.predecessors = nil
        status.today = nil
        return status
    }()

    static let login = LoginReport(
        state: .waiting, verificationURI: "https://h/a", verificationURIComplete: "https://h/a?c", userCode: "A-1",
        expiresAt: Timestamp(secondsSinceEpoch: 1_800_000_000), path: "/p", inUse: true)
}
