// SPDX-License-Identifier: Apache-2.0

extension Setting {
    /// The inbound side, the log and the control socket.
    static let server: [Setting] = [
        Setting(
            "server.host", "QWEN_HOST", flag: "--host", \.server.host, .host, effect: .restart,
            "The address to listen on. Anything but a loopback address lets other machines use your account."),
        Setting(
            "server.port", "QWEN_PORT", flag: "--port", \.server.port, .integer(0...65535), effect: .restart,
            "The port to listen on; 0 takes any free one."),
        Setting(
            "server.allowed_hosts", "QWEN_ALLOWED_HOSTS", \.server.allowedHosts,
            .list(of: .host, "a list of host names"), effect: .restart,
            "Names beside `localhost` and the listening address by which clients reach us (the `Host` header), and of web "
                + "pages that may send requests (`Origin`, with a port for that port only)."),
        Setting(
            "server.allowed_users", "QWEN_ALLOWED_USERS", \.server.allowedUsers,
            .list(of: .userOrGroup, "a list of users, of groups with `@` in front, or `*` for everybody"),
            effect: .restart,
            "Users of this machine who are served on a loopback address beside the daemon's own and root, for example where "
                + "a container or a port forward connects as another user."),
        Setting(
            "server.local_api_key", "QWEN_LOCAL_API_KEY", secret: \.server.localAPIKey,
            .secret("printable ASCII text without spaces"),
            "When set, clients must present it as `x-api-key` or bearer token."),
        Setting(
            "server.max_body_bytes", "QWEN_MAX_BODY_BYTES", \.server.maxBodyBytes, .bytes(1024...(1 << 30)),
            effect: .restart, "The largest request that is accepted."),
        Setting(
            "server.max_buffered_bytes", "QWEN_MAX_BUFFERED_BYTES", \.server.maxBufferedBytes,
            SettingType.bytes((1 << 20)...(1 << 40)).optional, effect: .restart,
            default: "a quarter of the memory of the machine, or of what its control group may use",
            "The most memory that the bodies of running requests and answers that wait for their end or their client may "
                + "take up together; beyond it new requests get status 529."),
        Setting(
            "server.ping_interval", "QWEN_PING_INTERVAL", \.server.pingInterval,
            .duration(.milliseconds(10) ... .seconds(3600)),
            "The longest silence in a stream before a `ping` event keeps the client waiting."),
        Setting(
            "server.drain_timeout", "QWEN_DRAIN_TIMEOUT", \.server.drainTimeout, .duration(.zero ... .seconds(3600)),
            "How long running requests may go on after a stop was asked for."),
        Setting(
            "server.handover_timeout", "QWEN_HANDOVER_TIMEOUT", \.server.handOverTimeout,
            .duration(.zero ... .seconds(86_400)),
            "How long a process that `qwenproxyctl restart` replaced may go on with the answers it has begun."),
        Setting(
            "server.event_loops", "QWEN_EVENT_LOOPS", \.server.eventLoops, .integer(1...64), effect: .restart,
            "Threads for inbound connections. One is enough for hundreds of streams."),
        Setting(
            "log.level", "QWEN_LOG_LEVEL", flag: "--log-level", \.log.level, .logLevel,
            "The least severe messages to log."),
        Setting(
            "log.requests_per_minute", "QWEN_LOG_REQUESTS_PER_MINUTE", \.log.requestsPerMinute,
            .integer(0...1_000_000),
            "How many answered requests are logged in a minute, each with one line; how many more there were is told once. "
                + "0 logs none of them. Failed requests always are, and at the level `debug` all."),
        Setting(
            "control.socket", "QWEN_CONTROL_SOCKET", flag: "--control-socket", \.control.socket,
            .line("the path of a socket, at most 107 bytes") { $0.utf8.count <= 107 }, effect: .restart,
            default: "`$XDG_RUNTIME_DIR/qwenproxyd/control.sock`, else `/run/qwenproxyd/control.sock`",
            "The socket for `qwenproxyctl`."),
    ]
}

extension SettingType where Value == String {
    fileprivate static let userOrGroup = line("a user or a group") { text in
        text == "*" || (text != "@" && !text.contains { $0 == " " || $0 == ":" })
    }
}
