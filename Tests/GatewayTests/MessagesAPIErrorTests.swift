// SPDX-License-Identifier: Apache-2.0

import Shared
import Testing
import Translation

@testable import Configuration
@testable import Credentials
@testable import Gateway
@testable import Server
@testable import Transport

@Suite struct MessagesAPIErrorTests {
    private let upstream = UpstreamIdentity(
        name: "default", product: .other, kind: .apiKey, host: "api.example", model: "qwen3-coder-plus")

    private func error(_ category: UpstreamFailure.Category, retryAfter: Duration? = nil) -> MessagesAPIError {
        MessagesAPIError(
            UpstreamFailure(category: category, message: "as it was said"), retryAfter: retryAfter, from: self.upstream)
    }

    @Test func `a refusal keeps its meaning and its status`() {
        let expected: [(UpstreamFailure.Category, MessagesAPIError.Kind, Int)] = [
            (.invalidCredentials, .authentication, 401), (.permissionDenied, .permission, 403),
            (.modelNotFound, .notFound, 404), (.hardQuota, .rateLimit, 429), (.billing, .billing, 402),
            (.rateLimited, .rateLimit, 429), (.contentRejected, .invalidRequest, 400),
            (.invalidRequest, .invalidRequest, 400), (.requestTooLarge, .requestTooLarge, 413),
            (.overloaded, .overloaded, 529), (.timedOut, .timeout, 504), (.internalError, .api, 500),
            (.invalidOutput, .api, 500), (.unreadable, .api, 502), (.interrupted, .api, 502),
            (.agentsOnly, .permission, 403),
        ]
        for (category, kind, status) in expected {
            #expect(self.error(category).kind == kind)
            #expect(self.error(category).status == status)
        }
    }

    @Test func `the upstream's words are the client's, and the log gets status and code`() {
        let key = Secret("sk-planted-key")
        let failure = UpstreamFailure(
            category: .invalidRequest, status: 400, code: "InvalidParameter",
            message: "no 'private words' sk-plant***ey")
        let error = withExtendedLifetime(key) {
            MessagesAPIError(failure, retryAfter: nil, from: self.upstream)
        }
        #expect(error.message == "Upstream \"default\" (api.example) said: no 'private words' ***")
        #expect(error.outline == "Upstream \"default\" (api.example) failed: invalid request (400, InvalidParameter)")
    }

    @Test func `where an upstream redirects to is told to the client alone`() {
        let error = MessagesAPIError(
            .redirected(status: 302, location: "https://login.example/said-by-it"), from: self.upstream)
        #expect(error.message.contains("said-by-it"))
        #expect(error.outline.contains("(status 302)") && !error.outline.contains("said-by-it"))
    }

    @Test func `no answer tells a key`() {
        let key = Secret("sk-planted-key")
        let error = MessagesAPIError(.api, message: "something of ours with sk-planted-key in it")
        let texts = withExtendedLifetime(key) {
            [error.response(requestID: "r").body, error.event(requestID: "r")].map {
                String(decoding: $0, as: UTF8.self)
            }
        }
        for text in texts { #expect(text.contains("with *** in it")) }
    }

    @Test func `the client is told when asking again is pointless`() {
        for category in [UpstreamFailure.Category.invalidCredentials, .hardQuota, .billing] {
            #expect(self.error(category).retry == .pointless)
            let headers = self.error(category).response(requestID: "req_1").headers
            #expect(headers.contains { $0.name == "x-should-retry" && $0.value == "false" })
        }
        #expect(self.error(.overloaded).retry == .unsaid)
    }

    @Test func `retry-after is passed on in whole seconds, never as zero`() {
        let headers = self.error(.rateLimited, retryAfter: .milliseconds(1200)).response(requestID: "r").headers
        #expect(headers.contains { $0.name == "retry-after" && $0.value == "2" })
        let zero = self.error(.rateLimited, retryAfter: .zero).response(requestID: "r").headers
        #expect(zero.contains { $0.name == "retry-after" && $0.value == "1" })
    }

    @Test func `a long context is told in the words that make the client compact`() {
        let full = self.error(.contextTooLong(tokens: 1_200_000, maximum: 997_952))
        #expect(full.message == "prompt is too long: 1200000 tokens > 997952 maximum")
        // An estimate below the limit must not contradict the refusal.
        #expect(
            self.error(.contextTooLong(tokens: 5, maximum: 100)).message
                == "prompt is too long: 101 tokens > 100 maximum")
        #expect(full.status == 400)
    }

    @Test func `an output limit is told in the words that make the client lower it`() {
        let error = self.error(.outputLimitTooHigh(maximum: 65_536))
        #expect(
            error.message.hasPrefix("max_tokens: 65537 > 65536, which is the maximum allowed number of output tokens"))
        // What the client asked is said where it is more; never less than the limit.
        for (asked, figure) in [(32_000, 32_000), (5, 20_769), (.max, .max)] {
            let error = MessagesAPIError(
                UpstreamFailure(category: .outputDoesNotFit(promptTokens: 12_000, window: 32_768), message: "no"),
                retryAfter: nil, from: self.upstream, asked: asked)
            #expect(error.message.hasPrefix("max_tokens: \(figure) > 20768, which is the maximum"))
        }
        #expect(self.error(.outputDoesNotFit(promptTokens: nil, window: 5)).message.contains("as it was said"))
    }

    @Test func `refused credentials name the upstream and the way out`() {
        let key = self.error(.invalidCredentials)
        #expect(key.message.contains("api.example"))
        #expect(key.message.contains("QWEN_API_KEY"))
        let login = MessagesAPIError(
            UpstreamFailure(category: .invalidCredentials, message: "token expired"), retryAfter: nil,
            from: UpstreamIdentity(
                name: "default", product: .portal, kind: .oauth, host: "portal.qwen.ai", model: "coder-model"))
        #expect(login.message.contains("qwenproxyctl login"))
    }

    @Test func `the body is the API's, whatever the message contains`() throws {
        let error = MessagesAPIError(
            .invalidRequest, message: "quote \" backslash \\ newline \n é", detailsErrorCode: "thread_not_found")
        let document = try JSONDocument(parsing: error.response(requestID: "req_1").body)
        let inner = try #require(document.member("error", of: document.root))
        #expect(document.string("type", of: document.root) == "error")
        #expect(document.string("request_id", of: document.root) == "req_1")
        #expect(document.string("type", of: inner) == "invalid_request_error")
        #expect(document.string("message", of: inner) == "quote \" backslash \\ newline \n é")
        let details = try #require(document.member("details", of: inner))
        #expect(document.string("error_code", of: details) == "thread_not_found")
    }

    @Test func `what failed below HTTP says what to check`() {
        let unreachable = MessagesAPIError(
            UpstreamError.unreachable(host: "127.0.0.1:9", reason: "refused"), from: self.upstream)
        #expect(unreachable.status == 502)
        #expect(unreachable.message.contains("QWEN_BASE_URL"))
        #expect(MessagesAPIError(UpstreamError.timedOut, from: self.upstream).kind == .timeout)
        let insecure = MessagesAPIError(
            UpstreamError.insecure(host: "h", reason: "self-signed"), from: self.upstream)
        #expect(insecure.retry == .pointless)
    }

    @Test(arguments: [
        (UpstreamError.proxyFailed(proxy: "p:3128", reason: "refused"), ["proxy p:3128", "refused", "no_proxy"]),
        (.notHTTP(host: "h"), ["does not speak HTTP", "QWEN_BASE_URL"]),
        (
            .redirected(status: 308, location: "https://b.example/v1/chat/completions"),
            ["status 308", "set QWEN_BASE_URL (upstream.base_url) to https://b.example/v1."]
        ),
        (
            .redirected(status: 302, location: "https://b.example/login"),
            ["https://b.example/login", "a page for people", "check QWEN_BASE_URL"]
        ),
        (.redirected(status: 301, location: nil), ["an address that cannot be read", "check QWEN_BASE_URL"]),
        (.undecodable(reason: "its coding \"x\" is unknown"), ["cannot be read: its coding \"x\" is unknown."]),
    ])
    func `what an upstream did instead of answering is said`(error: UpstreamError, parts: [String]) {
        let error = MessagesAPIError(error, from: self.upstream)
        #expect(error.status == 502)
        for part in parts { #expect(error.message.contains(part), "\(error.message)") }
    }
}
