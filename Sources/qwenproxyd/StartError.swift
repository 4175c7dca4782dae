// SPDX-License-Identifier: Apache-2.0

/// Why the daemon could not start, in words for the user.
enum StartError: Error, Sendable, CustomStringConvertible {
    case cannotListen(address: String, reason: String)
    /// Other machines could use the account.
    case openToOthers(address: String)
    case cannotControl(reason: String)
    case inheritedSockets(reason: String)
    case cannotStart(what: String, reason: String)
    /// The process that was to be replaced goes on instead.
    case abandoned

    var description: String {
        switch self {
        case .cannotListen(let address, let reason):
            "qwenproxyd cannot listen on \(address): \(reason). Another one may be running (`qwenproxyctl status`); "
                + "QWEN_PORT chooses another port."
        case .openToOthers(let address):
            "qwenproxyd does not listen on \(address) without a key, because other machines could use the upstream on your "
                + "account. Set QWEN_LOCAL_API_KEY (server.local_api_key), or listen on a loopback address."
        case .cannotControl(let reason):
            "qwenproxyd cannot open its control socket: \(reason). QWEN_CONTROL_SOCKET chooses another place."
        case .inheritedSockets(let reason):
            "qwenproxyd cannot use the sockets that systemd handed over: \(reason)."
        case .cannotStart(let what, let reason):
            "qwenproxyd cannot start \(what): \(reason)."
        case .abandoned:
            "The qwenproxyd that was to be replaced goes on instead."
        }
    }
}
