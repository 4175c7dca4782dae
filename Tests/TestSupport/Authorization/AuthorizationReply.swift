// SPDX-License-Identifier: Apache-2.0

/// What the authorization server of the Qwen login says, in its own forms. Where a sample is from stands beside it; values
/// that look like secrets are made up.
public enum AuthorizationReply {
    /// RFC 6749, section 5.1, with the vendor's `resource_url`: the fields that qwen-code's `qwenOAuth2.ts` reads.
    public static func token(
        _ accessToken: String, refresh: String?, lifetime: JSONValue? = 21_600, resource: String? = "portal.qwen.ai"
    ) -> ScriptedReply {
        var body: [String: JSONValue] = ["access_token": .string(accessToken), "token_type": "Bearer"]
        body["expires_in"] = lifetime
        body["refresh_token"] = refresh.map { .string($0) }
        body["resource_url"] = resource.map { .string($0) }
        body["scope"] = "openid profile email model.completion"
        return .json(200, .object(body))
    }

    public static func error(
        _ status: Int, _ code: String, _ description: String? = nil, headers: [String: String] = [:]
    ) -> ScriptedReply {
        var body: [String: JSONValue] = ["error": .string(code)]
        body["error_description"] = description.map { .string($0) }
        return .json(status, .object(body), headers: headers)
    }

    /// A dead refresh token, as CLIProxyAPI's issue 2718 quotes it.
    public static let deadRefreshToken = Self.error(400, "invalid_request", "Invalid refresh token or client_id")
    /// The code for it in RFC 6749, section 5.2.
    public static let invalidGrant = Self.error(400, "invalid_grant", "The refresh token is expired.")
    /// The firewall in front of chat.qwen.ai, as a fork of CLIProxyAPI met it: a page, and status 200.
    public static let firewall = ScriptedReply.body(
        200, "text/html; charset=utf-8",
        Array("<!doctypehtml><html><meta name=\"aliyun_waf_aa\" content=\"0\"><script>captcha()</script></html>".utf8))

    /// RFC 8628, section 3.2; the values are those of qwen-code's tests.
    public static func device(base: String, code: String = "device-1", expires: Int = 900) -> ScriptedReply {
        .json(
            200,
            [
                "device_code": .string(code), "user_code": "ABCD-1234",
                "verification_uri": .string(base + "/authorize"),
                "verification_uri_complete": .string(base + "/authorize?user_code=ABCD-1234&client=qwen-code"),
                "expires_in": .number(Double(expires)),
            ])
    }

    /// RFC 8628, section 3.5, with the statuses of qwen-code's `pollDeviceToken`.
    public static let pending = Self.error(400, "authorization_pending", "The user has not decided yet.")
    public static let slowDown = Self.error(429, "slow_down", "Polling too frequently.")
    /// The status that CLIProxyAPI expects for the same.
    public static let slowDownByRFC = Self.error(400, "slow_down")
    public static let expired = Self.error(400, "expired_token", "The device code has expired.")
    public static let denied = Self.error(400, "access_denied", "The user has said no.")
}
