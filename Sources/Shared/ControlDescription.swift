// SPDX-License-Identifier: Apache-2.0

extension InterfaceDescription {
    /// The daemon's own interface, `io.qwenproxy.Control`.
    public static let control = InterfaceDescription(
        name: "io.qwenproxy.Control",
        text: """
            # Looks into a running qwenproxyd and steers it. Times are UTC in RFC 3339.
            interface io.qwenproxy.Control

            # replaced: another process accepts requests, and this one finishes those that it has.
            type State (running, draining, replaced)

            type LogLevel (trace, debug, info, notice, warning, error, critical)

            type Subsystem (daemon, server, requests, upstream, credentials, control)

            type SubsystemLevel (
              name: Subsystem,
              level: LogLevel
            )

            # Without a value when nothing is set.
            type Setting (
              key: string,
              value: ?string,
              source: string
            )

            # What keeps a setting that was read from being in force; socketUnit: systemd opened the socket.
            type Obstacle (restart, socketUnit)

            type PendingSetting (
              key: string,
              value: ?string,
              source: string,
              obstacle: Obstacle
            )

            type ListenerRole (http, control)

            type Listener (
              role: ListenerRole,
              address: string,
              inherited: bool
            )

            type UpstreamKind (oauth, apiKey, open, demo)

            type UpstreamAPI (openai, anthropic)

            type UpstreamState (untried, reachable, unreachable, failing, refusing)

            # How a limit of a model is known; the last eight are what the upstream said, and where.
            type LimitOrigin (
              assumed, shipped, updated, administrator, user, configuration, modelList, properties, runningModels, modelCard,
              loadedModels, modelInfo,
              errorMessage, examination
            )

            # In tokens. The moments are when the upstream said so.
            type ModelLimits (
              contextWindow: int,
              contextWindowOrigin: LimitOrigin,
              contextWindowLearnedAt: ?string,
              maxOutputTokens: int,
              maxOutputTokensOrigin: LimitOrigin,
              maxOutputTokensLearnedAt: ?string,
              server: ?string,
              refuses: []string,
              examinedAt: ?string
            )

            # restsFor: seconds for which others are asked first.
            type Upstream (
              name: string,
              kind: UpstreamKind,
              api: UpstreamAPI,
              baseURL: ?string,
              model: string,
              state: UpstreamState,
              restsFor: ?int,
              attempts: int,
              failures: int,
              lastError: ?string,
              limits: ?ModelLimits
            )

            # Of a configuration with mistakes: what it describes, and would be there without them.
            type DescribedUpstream (
              name: string,
              model: ?string
            )

            type CredentialsState (missing, valid, refreshing, expired, refused, invalid, apiKey, none, demo)

            type Credentials (
              state: CredentialsState,
              detail: ?string,
              path: ?string,
              expiresAt: ?string
            )

            # Of clients; those over the limit were closed at once. The descriptors are those of the whole process.
            type Connections (
              open: int,
              limit: int,
              refused: int,
              descriptors: int,
              descriptorLimit: int
            )

            # Since the start; streaming is a part of inFlight.
            type Requests (
              inFlight: int,
              streaming: int,
              total: int,
              failed: int
            )

            # Since the start. Classes of requests are those of Claude Code's header x-claude-code-request-class; verdicts are
            # not_flagged, flagged, and unavailable_ with the reason; interventions are repairs, recoveries and requests in
            # another form.
            type NamedCount (
              name: string,
              count: int
            )

            # As the upstream counted; cached is a part of input.
            type Tokens (
              input: int,
              output: int,
              cached: int
            )

            type RecordedError (
              time: string,
              requestID: ?string,
              kind: string,
              message: string
            )

            # waiting for the user, then done.
            type LoginState (waiting, done)

            type RequestState (waiting, asking, answering, retrying)

            # The age and the time to the first byte are in milliseconds; the tokens are estimated.
            type LiveRequest (
              id: string,
              model: string,
              upstream: ?string,
              upstreamModel: ?string,
              state: RequestState,
              streaming: bool,
              age: int,
              firstByte: ?int,
              outputTokens: int
            )

            type Outcome (answered, failed, cancelled)

            # Times are in milliseconds. The cost is an estimate by the catalogue's prices, in millionths of a US dollar.
            type FinishedRequest (
              id: string,
              model: string,
              upstream: ?string,
              upstreamModel: ?string,
              outcome: Outcome,
              error: ?string,
              time: string,
              duration: int,
              firstByte: ?int,
              tokens: Tokens,
              cost: ?int
            )

            # Of a model at an upstream, since the start or on one day. The cost is that of FinishedRequest.
            type ModelTotals (
              upstream: string,
              model: string,
              requests: int,
              failed: int,
              tokens: Tokens,
              cost: ?int
            )

            # By the daemon's clock and time zone: 2027-01-31.
            type UsageDay (
              date: string,
              models: []ModelTotals
            )

            # A process that was replaced and finishes what it has begun, until that moment at the latest. Not all of its
            # requests need to be in the list.
            type Predecessor (
              pid: int,
              version: string,
              until: string,
              inFlight: int,
              streaming: int,
              live: []LiveRequest
            )

            # The last errors come newest first. Mistakes have file, line and key; with one, each request is refused.
            method GetStatus() -> (
              state: State,
              version: string,
              pid: int,
              startedAt: string,
              logLevel: LogLevel,
              listeners: []Listener,
              upstreams: []Upstream,
              credentials: Credentials,
              connections: Connections,
              requests: Requests,
              requestClasses: ?[]NamedCount,
              tokens: Tokens,
              interventions: []NamedCount,
              verdicts: ?[]NamedCount,
              lastErrors: []RecordedError,
              configurationSources: []string,
              configurationMistakes: ?[]string,
              describedUpstreams: ?[]DescribedUpstream,
              predecessors: ?[]Predecessor,
              today: ?[]ModelTotals
            )

            # Reads the configuration again. With a mistake in it, nothing changes. What is pending was read, now or before,
            # and is not in force.
            method Reload() -> (
              sources: []string,
              changed: []string,
              needsRestart: []string,
              pending: ?[]PendingSetting
            )

            # The level of the log, and the one that counts for each part of the daemon.
            method GetLogLevel() -> (level: LogLevel, subsystems: []SubsystemLevel)

            # Without a level, goes back to the level of the configuration. Without a subsystem, means all: a level then
            # counts for those that have none of their own, and going back takes theirs away.
            method SetLogLevel(level: ?LogLevel, subsystem: ?Subsystem) -> (
              level: LogLevel,
              subsystems: []SubsystemLevel
            )

            # The settings in force and where each was set, and those that were read and are not. Secrets are masked.
            method GetConfiguration() -> (
              file: ?string,
              files: ?[]string,
              settings: []Setting,
              pending: ?[]PendingSetting
            )

            # What Claude Code needs to use this daemon, the local key included.
            method GetClientSettings() -> (
              baseURL: string,
              apiKey: string
            )

            type RouteCandidate (
              upstream: Upstream,
              model: string,
              contextWindow: int,
              maxOutputTokens: int,
              vision: bool,
              thinking: string,
              toolChoice: string,
              limits: ?ModelLimits
            )

            # The directory is that of config.toml; config.d is beside it. With mistakes no upstream is asked, and none is
            # listed.
            method ListUpstreams() -> (
              directory: string,
              upstreams: []Upstream,
              mistakes: ?[]string,
              described: ?[]DescribedUpstream
            )

            type FindingOutcome (yes, no, unclear)

            # What one of the requests of a deep test found out.
            type Finding (
              name: string,
              outcome: FindingOutcome,
              detail: string
            )

            # Makes one tiny request, or, deep, one for each thing that can be found out, and keeps the result; without a name,
            # to the upstream that answers when no route says otherwise. The duration is in milliseconds. Untested is what a
            # deep test did not ask about, because requests pass through there as clients send them.
            method TestUpstream(upstream: ?string, deep: ?bool) -> (
              upstream: string,
              model: string,
              succeeded: bool,
              duration: ?int,
              answeredBy: ?string,
              inputTokens: ?int,
              outputTokens: ?int,
              problem: ?string,
              limits: ?ModelLimits,
              findings: ?[]Finding,
              untested: ?[]string
            )

            # Says where a request would go, and why. Nothing is sent.
            method ExplainRoute(
              model: string,
              images: ?bool,
              thinking: ?bool,
              tools: ?bool,
              inputTokens: ?int,
              requestClass: ?string,
              agentType: ?string
            ) -> (
              reason: string,
              parameters: []string,
              candidates: []RouteCandidate
            )

            # How a value is known, the weakest first; host: it depends on where the model is asked, and not on the model.
            type FieldOrigin (assumed, shipped, updated, administrator, user, host, learned, configured)

            type ModelField (
              name: string,
              value: string,
              origin: FieldOrigin,
              source: ?string,
              date: ?string
            )

            # Says what holds for a model, and how that is known; without an upstream, where a request for it would go.
            # Nothing is sent.
            method ExplainModel(model: string, upstream: ?string) -> (
              model: string,
              upstream: ?string,
              fields: []ModelField
            )

            # What models did on the last days, the newest first, in this process and in those before it. Requests that are
            # running are not counted yet.
            method GetUsage() -> (today: string, days: []UsageDay)

            # Says again and again what goes on, until the caller closes the connection or another process has taken over,
            # which can be asked then. Wants "more". The interval is in milliseconds, from 100 to 60000, and 1000 without
            # it. What a slow caller does not read is left out. What has finished comes newest first.
            method Monitor(interval: ?int) -> (
              state: State,
              time: string,
              requests: Requests,
              tokens: Tokens,
              live: []LiveRequest,
              finished: ?[]FinishedRequest,
              models: ?[]ModelTotals,
              predecessors: ?[]Predecessor
            )

            # Gets a new access token now, however good the old one is.
            method RefreshToken() -> (
              state: CredentialsState,
              detail: ?string,
              path: ?string,
              expiresAt: ?string
            )

            # Logs in to Qwen. Wants "more": the first reply says where the user has to go and what to confirm there, until
            # expiresAt; the last one says that the login is in the file at path, and whether it is in use.
            method Login() -> (
              state: LoginState,
              verificationURI: ?string,
              verificationURIComplete: ?string,
              userCode: ?string,
              expiresAt: ?string,
              path: ?string,
              inUse: ?bool
            )

            # Removes the login, for every program that uses it.
            method Logout() -> (path: string, removed: bool)

            # Starts the installed program, hands the sockets over, and answers when it serves: its process id and version.
            # Running requests are finished by the old process, up to a limit.
            method Restart() -> (pid: int, version: string)

            # Begins an orderly stop: running requests may finish, up to a limit.
            method Stop() -> ()

            # The mistakes in the new configuration, one sentence each.
            error ReloadRejected (mistakes: []string)

            # The configuration in force has these mistakes, so no upstream is asked.
            error ConfigurationMistaken (mistakes: []string)

            # The new daemon did not take over, for this reason; the old one goes on.
            error RestartFailed (reason: string)

            # The login could not be made, renewed or removed. The reason is a sentence for people.
            error CredentialsFailed (reason: string)

            # As many calls with several replies run as may run at a time.
            error Busy ()

            # The daemon is on its way out and changes nothing any more.
            error Stopping ()

            """)
}
