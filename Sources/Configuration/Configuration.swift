// SPDX-License-Identifier: Apache-2.0

package import Catalog
package import Logging
package import Shared

/// Everything the daemon can be told, checked and complete. The defaults need no file.
///
/// It is a plain value: the loader makes it, `ConfigurationStore` swaps it as a whole, all others only read it.
package struct Configuration: Sendable, Equatable {
    /// The inbound side, which Claude Code talks to.
    package struct Server: Sendable, Equatable {
        /// An IP address or a name of this machine, without a port.
        package var host = "127.0.0.1"
        /// 0 takes any free one.
        package var port = 3455
        /// Names beside the loopback ones that a `Host` header may carry, and those of pages that may send requests.
        package var allowedHosts: [String] = []
        /// The users who are served over the loopback interface beside the daemon's own user and root: names, `@` and
        /// the name of a group, or `*`.
        package var allowedUsers: [String] = []
        /// What a client must present as `x-api-key` or bearer, when set.
        package var localAPIKey: Secret?
        /// The largest body of a request, after decompression.
        package var maxBodyBytes = 32 << 20
        /// For all bodies and all answers that wait; nil for a quarter of what there is.
        package var maxBufferedBytes: Int?
        /// The longest silence in a stream before a `ping` event.
        package var pingInterval: Duration = .seconds(10)
        /// How long running requests may go on after SIGTERM.
        package var drainTimeout: Duration = .seconds(30)
        /// How long the answers of a process that was replaced may go on: as long as the longest one may take.
        package var handOverTimeout: Duration = .seconds(3600)
        /// How many threads serve inbound connections.
        package var eventLoops = 1
    }

    /// The outbound side, which has the models.
    package struct Upstream: Sendable, Equatable {
        var auth = UpstreamSelection.Authentication.auto
        /// Normalised: absolute, without a trailing slash and without `/chat/completions`.
        var baseURL: String?
        /// From the setting, the environment, `apiKeyFile` or the service's credentials, in this order.
        var apiKey: Secret?
        var apiKeyFile: String?
        /// Nil: the product's, where an address tells which one it is.
        var model: String?
        /// The upstream that answers when no route says otherwise; nil for the one described here.
        var use: String?
        /// `UPSTREAM` or `UPSTREAM/MODEL`, in the order in which they are asked.
        var fallbacks: [String] = []
        /// Whether a requested model that is not one of Anthropic's goes to the upstream under its own name.
        var passThroughModels = false
        /// Whether servers are asked about the limits of their models.
        package var discoversLimits = true
        /// The `User-Agent` header of requests to the upstream.
        package var userAgent = "qwenproxyd"
        var headers: [UpstreamHeader] = []
        /// Certificates to trust instead of the system's.
        package var caFile: String?
        /// Hosts that may receive the OAuth token, beside the vendor's own.
        var trustedHosts: [String] = []
        var allowHTTP = false
    }

    /// How long a step of an upstream's answer may take.
    package struct Timeouts: Sendable, Equatable {
        /// For the look-up of the name, the connection and TLS together.
        package var connect: Duration = .seconds(15)
        /// From the end of the request to the first byte of the answer.
        package var firstByte: Duration = .seconds(300)
        /// The longest silence inside an answer.
        package var stall: Duration = .seconds(240)
    }

    /// How often and how fast a failed request is sent again.
    package struct Retry: Sendable, Equatable {
        /// Retries beside the first attempt, of one request at one upstream.
        package var maxRetries = 3
        /// The wait before the first retry. It grows with each further one.
        package var delay: Duration = .seconds(1)
    }

    /// Who judges calls in Claude Code's auto mode.
    package struct AutoMode: Sendable, Equatable {
        /// `UPSTREAM` or `UPSTREAM/MODEL`; nil where no model does.
        var classifier: String?
        /// For the verdicts on one answer.
        package var timeLimit: Duration = .seconds(20)
    }

    /// What is logged.
    package struct Log: Sendable, Equatable {
        /// The least severe level that is logged.
        package var level = Logger.Level.info
        /// Lines for answered requests; 0 for none.
        package var requestsPerMinute = 600
    }

    /// How `qwenproxyctl` finds the daemon.
    package struct Control: Sendable, Equatable {
        /// The absolute path of the Unix socket.
        package var socket = "/run/qwenproxyd/control.sock"
    }

    /// The login of qwen-code: its file and its server.
    package struct OAuth: Sendable, Equatable {
        /// Absolute. `oauth_creds.json` is in it.
        package var directory = "/var/lib/qwenproxyd/.qwen"
        /// Where a login begins, and where tokens are handed out: what `qwen` uses.
        package var deviceURL = "https://chat.qwen.ai/api/v1/oauth2/device/code"
        /// Where tokens are handed out and renewed: what `qwen` uses.
        package var tokenURL = "https://chat.qwen.ai/api/v1/oauth2/token"
        /// A public client: there is no secret.
        package var clientID = "f0304373b74a44d2b584a3fb70ca9e56"
        /// What a login asks for, with spaces between the scopes.
        package var scope = "openid profile email model.completion"
        /// Before the end of a token; by chance it becomes up to three times that.
        package var refreshMargin: Duration = .seconds(600)
        /// The name of the credentials file, which `qwen` chose.
        package static let fileName = "oauth_creds.json"
        /// The absolute path of the credentials file.
        package var credentialsPath: String { self.directory + "/" + Self.fileName }
    }

    /// The settings below `[server]`.
    package var server = Server()
    /// The settings below `[upstream]`.
    package var upstream = Upstream()
    /// The settings below `[timeouts]`.
    package var timeouts = Timeouts()
    /// The settings below `[retry]`.
    package var retry = Retry()
    /// The settings below `[auto_mode]`.
    package var autoMode = AutoMode()
    /// The settings below `[log]`.
    package var log = Log()
    /// The settings below `[control]`.
    package var control = Control()
    /// The settings below `[oauth]`.
    package var oauth = OAuth()
    /// The `[routes]` table: patterns of model names and what answers for them.
    package var routes = ModelRoutes()
    /// The `[[routes]]` tables in their order, those of drop-ins last.
    package var rules: [RoutingRule] = []
    /// What is known about models and products, as it was when this configuration was loaded.
    package var catalog = Catalog.shipped
    /// The `[models."pattern"]` tables.
    package var models = ModelOverrides()
    /// The `[upstreams.NAME]` tables as they were written.
    var entries: [String: UpstreamEntry] = [:]
    /// What came of them, in the order of their names.
    package var namedUpstreams: [UpstreamDefinition] = []

    /// What answers requests, as decided when this configuration was loaded.
    package var mode = UpstreamMode.demo
    /// The files it was read from, in the order in which they were: a later one goes before earlier ones.
    package var files: [String] = []
    /// Where what the user changes is or would be, and `config.d`.
    package var directory = ConfigurationPath.systemDirectory
    /// Where the values that are not defaults came from.
    package var provenance: [Provenance] = []
    /// What is wrong with what was read. With a mistake in it, a configuration says where to listen, and nothing about who
    /// answers: each request gets the mistakes.
    package var mistakes: [ConfigurationMistake] = []
    /// Of one with mistakes: the upstreams that would be there without them, as far as they could be read. The one that would
    /// answer by itself comes first.
    package var describedUpstreams: [DescribedUpstream] = []
    /// What is not wrong but probably not meant either. The caller logs it, once.
    package var warnings: [String] = []
}

extension Configuration {
    /// The one of the files that the user edits, if it is there: the one that was named, or the `config.toml` in `directory`.
    package var file: String? {
        let prefix = self.directory + "/"
        return self.files.first { $0.hasPrefix(prefix) && !$0.dropFirst(prefix.count).contains("/") }
    }

    /// What the mode of the upstream in `[upstream]` depends on.
    var defaultSelection: UpstreamSelection {
        UpstreamSelection(
            authentication: self.upstream.auth,
            apiKey: self.upstream.apiKey,
            baseURL: self.upstream.baseURL,
            credentialsPath: self.oauth.credentialsPath,
            trustedHosts: TrustedHosts(additional: self.upstream.trustedHosts),
        )
    }

    /// What the credential store depends on. It keeps one login, so of several upstreams that could use it the one that
    /// answers by itself counts, then the first.
    package var upstreamSelection: UpstreamSelection {
        var selection = self.defaultSelection
        let primary = self.primaryUpstream
        let isDefault = primary.name == UpstreamDefinition.defaultName
        let login = ([primary] + self.namedUpstreams).first {
            if case .credentials = $0.access { $0.name != UpstreamDefinition.defaultName } else { false }
        }
        if isDefault && login == nil { return selection }
        switch primary.access {
        case .credentials where isDefault && self.mode != .demo:
            return selection
        case .key(let key, _, let baseURL) where login == nil:
            selection.authentication = .apiKey
            (selection.apiKey, selection.baseURL) = (key, baseURL)
        case .open(let baseURL) where login == nil:
            selection.authentication = .none
            selection.baseURL = baseURL
        case .credentials, .key, .open:
            guard let login else { return selection }
            selection.authentication = .oauth
            selection.baseURL = login.baseURL
        }
        return selection
    }
}
