// SPDX-License-Identifier: Apache-2.0

import Shared

extension Setting {
    /// The Qwen login: its file, and the server that it comes from.
    static let oauth: [Setting] = [
        Setting(
            "oauth.directory", "QWEN_HOME", \.oauth.directory, .line("the path of a directory"),
            default: "`~/.qwen`",
            "The directory of `oauth_creds.json`, which `qwen` and `qwenproxyctl login` write."),
        Setting(
            "oauth.refresh_margin", "QWEN_OAUTH_REFRESH_MARGIN", \.oauth.refreshMargin,
            .duration(.zero ... .seconds(86_400)),
            "How long before its end a token is refreshed; by chance up to three times that, and a quarter of its life "
                + "at most."),
        Setting(
            "oauth.device_url", "QWEN_OAUTH_DEVICE_URL", \.oauth.deviceURL, .serverAddress,
            "Where `qwenproxyctl login` begins (RFC 8628)."),
        Setting(
            "oauth.token_url", "QWEN_OAUTH_TOKEN_URL", \.oauth.tokenURL, .serverAddress,
            "Where tokens are handed out and refreshed."),
        Setting(
            "oauth.client_id", "QWEN_OAUTH_CLIENT_ID", \.oauth.clientID, .line("the identifier of a client"),
            "Our identity at that server: a public client without a secret."),
        Setting(
            "oauth.scope", "QWEN_OAUTH_SCOPE", \.oauth.scope, .line("words with spaces between them"),
            "What a login asks for."),
    ]
}

extension SettingType where Value == String {
    /// The refresh token goes there.
    fileprivate static let serverAddress = line("an https URL, or an http URL on this machine") { text in
        guard let address = HTTPAddress(text) else { return false }
        return address.scheme == .https || HostScope(address.host) == .loopback
    }
}
