// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing
import Translation

@testable import Configuration

@Suite struct ConfigurationLoaderTests {
    let scratch = Scratch()

    @Test func `the defaults need no file`() throws {
        let configuration = try self.scratch.load()
        #expect(configuration.server.host == "127.0.0.1")
        #expect(configuration.server.port == 3455)
        #expect(configuration.primaryUpstream.model == "qwen3-coder-plus")
        #expect(configuration.upstream.userAgent == "qwenproxyd/1.2.3")
        #expect(configuration.oauth.credentialsPath == self.scratch.path + "/.qwen/oauth_creds.json")
        #expect(configuration.mode == .demo)
        #expect(configuration.file == nil)
    }

    @Test func `a flag wins over the environment, which wins over the file, which wins over the default`() throws {
        let file = "[server]\nport = 1\nhost = \"127.0.0.2\"\n[upstream]\nmodel = \"from-file\""
        let configuration = try self.scratch.load(
            file, environment: ["QWEN_PORT": "2", "QWEN_HOST": "127.0.0.3"], flags: ["--port": "3"])
        #expect(configuration.server.port == 3)
        #expect(configuration.server.host == "127.0.0.3")
        #expect(configuration.upstream.model == "from-file")
        #expect(configuration.retry.maxRetries == 3)
    }

    @Test func `the file is found by the XDG rules, by QWEN_CONFIG and by the flag`() throws {
        try self.scratch.write("[server]\nport = 11", to: "xdg/qwenproxyd/config.toml")
        #expect(try self.scratch.load().server.port == 11)
        try self.scratch.write("[server]\nport = 12", to: ".config/qwenproxyd/config.toml")
        // A relative directory is to be ignored, and then the one in the home counts.
        #expect(try self.scratch.load(environment: ["XDG_CONFIG_HOME": "xdg"]).server.port == 12)
        let named = try self.scratch.write("[server]\nport = 13", to: "named.toml")
        #expect(try self.scratch.load(environment: ["QWEN_CONFIG": named]).server.port == 13)
        #expect(try self.scratch.load(environment: ["QWEN_CONFIG": "~/named.toml"]).server.port == 13)
        #expect(try self.scratch.load("[server]\nport = 14", environment: ["QWEN_CONFIG": named]).server.port == 14)
    }

    @Test func `a file that was named must exist`() throws {
        let mistakes = try self.scratch.mistakes(environment: ["QWEN_CONFIG": "/nonexistent/c.toml"])
        #expect(mistakes == ["/nonexistent/c.toml: the file does not exist (named by environment QWEN_CONFIG)"])
    }

    @Test func `every key of the file arrives`() throws {
        let configuration = try self.scratch.load(
            """
            [server]
            allowed_hosts = ["proxy.local", "box"]
            local_api_key = "sesame"
            max_body_bytes = "1 MiB"
            ping_interval = 2.5
            drain_timeout = "2m"
            event_loops = 2
            [upstream]
            base_url = "coding-plan-intl"
            api_key = "sk-sp-1"
            pass_through_models = true
            [upstream.headers]
            X-Team = "blue"
            [timeouts]
            connect = 5
            first_byte = "1h"
            stall = "500ms"
            [retry]
            max_retries = 0
            delay = 0
            [log]
            level = "WARNING"
            [routes]
            "claude-haiku-*" = "qwen3-coder-flash"
            [models."qwen3-coder-*"]
            context_window = 262144
            vision = false
            thinking = "enable_thinking"
            tool_choice = "function"
            """)
        #expect(configuration.server.allowedHosts == ["proxy.local", "box"])
        #expect(configuration.server.localAPIKey == Secret("sesame"))
        #expect(configuration.server.maxBodyBytes == 1 << 20)
        #expect(configuration.server.pingInterval == .milliseconds(2500))
        #expect(configuration.server.drainTimeout == .seconds(120))
        #expect(configuration.server.eventLoops == 2)
        #expect(
            configuration.mode == .apiKey(Secret("sk-sp-1"), baseURL: "https://coding-intl.dashscope.aliyuncs.com/v1"))
        #expect(configuration.upstream.headers == [UpstreamHeader(name: "X-Team", value: Secret("blue"))])
        #expect(
            configuration.timeouts == .init(connect: .seconds(5), firstByte: .seconds(3600), stall: .milliseconds(500)))
        #expect(configuration.retry == .init(maxRetries: 0, delay: .zero))
        #expect(configuration.log.level == .warning)
        #expect(configuration.upstreamModel(for: "claude-haiku-4-5") == "qwen3-coder-flash")
        let override = configuration.models.override(for: "qwen3-coder-next")
        #expect(override.contextWindow == 262144)
        #expect(override.vision == false)
        #expect(override.thinking == .enableThinking)
        #expect(override.toolChoice == .function)
        #expect(override.system == nil)
    }

    @Test func `all mistakes are reported at once, each with its place`() throws {
        let mistakes = try self.scratch.mistakes(
            """
            [server]
            port = 70000
            prot = 1

            [retry]
            delay = true
            [sever]
            x = 1
            """, environment: ["QWEN_EVENT_LOOPS": "many"])
        #expect(
            mistakes == [
                "~/config.toml:2: server.port: 70000 is not allowed, expected an integer from 0 to 65535",
                "~/config.toml:3: server.prot: there is no such setting. Did you mean server.port?",
                "~/config.toml:6: retry.delay: true is not allowed, expected a number of seconds or text such as "
                    + "\"500ms\" or \"2m\", from 0s to 300s",
                "~/config.toml:7: sever: there is no such setting. Did you mean [server]?",
                "environment QWEN_EVENT_LOOPS: server.event_loops: \"many\" is not allowed, "
                    + "expected an integer from 1 to 64",
            ])
    }

    @Test(arguments: [
        ("[server]\nport = \"3455\"", "\"3455\" is not allowed, expected an integer"),
        ("server = 1", "server: expected a table of settings, not an integer"),
        ("port = 1", "Did you mean server.port?"),
        ("[upstream]\nmodel = 3", "3 is not allowed, expected the name of a model"),
        ("[models.\"qwen*\"]\nvison = true", "Did you mean models.\"qwen*\".vision?"),
        ("[server]\nport = [1]", "a list is not allowed"),
        ("[server.port]\nx = 1", "server.port: a table is not allowed"),
        ("[upstream.headers]\nAuthorization = \"x\"", "set upstream.api_key instead"),
        ("[upstream.headers]\n\"a b\" = \"x\"", "not the name of a header"),
        ("[upstream]\nbase_url = \"ftp://x\"", "Expected a URL such as"),
        ("[upstream]\nbase_url = \"coding-plan-intel\"", "did you mean coding-plan-intl?"),
        ("[upstream]\nbase_url = \"http://example.com/v1\"", "upstream.allow_http = true"),
        ("[upstream]\nauth = \"api-key\"", "\"api-key\" needs a key"),
        ("[upstream]\nauth = \"none\"", "\"none\" needs an address"),
        ("[upstream]\nauth = \"oauth\"\nbase_url = \"https://example.com/v1\"", "upstream.trusted_hosts"),
        ("[upstream]\napi_key = \"sk-1\"", "coding-plan-intl"),
        ("[upstream]\napi_key_file = \"/nonexistent\"", "/nonexistent: the file does not exist"),
        ("[upstream]\ntrusted_hosts = [\"*.com\"]", "is not allowed"),
        ("[log]\nlevel = 1979-05-27", "a date or time is not allowed"),
        ("[server]\nport = ", ":2: not valid TOML"),
        ("a = 1\u{0}", "the file is not UTF-8 text"),
        ("[server]\n\"po\\u0000rt\" = 1", "config.toml"),
    ]) func `a mistake says what is right`(toml: String, message: String) throws {
        let mistakes = try self.scratch.mistakes(toml)
        #expect(mistakes.count == 1)
        #expect(mistakes.first?.contains(message) == true, "\(mistakes)")
    }

    @Test(arguments: [
        "[upstream]\napi_key = sk-hidden-1234", "[upstream]\napi_key = \"sk-hidden-1234",
        "api_key = \"sk-hidden-1234\nx",
        "[server]\nlocal_api_key = \"sk-hidden 1234\"", "[upstream]\napi_key = [\"sk-hidden-1234\"]",
        "[upstream.headers]\nX-Key = \"sk-hidden-1234\\u0007\"", "[upstream.headers]\nX-Key = sk-hidden-1234",
        "[upstream]\nfoo_key = \"sk-hidden-1234\"", "[upstream]\napi_key = \"\"\"\nsk-hidden-1234", "sk-hidden-1234",
        "sk-hidden-1234 = 1 1",
    ]) func `a mistake never shows a secret`(toml: String) throws {
        let mistakes = try self.scratch.mistakes(toml)
        #expect(!mistakes.isEmpty)
        #expect(!mistakes.joined().contains("hidden") || toml.hasPrefix("sk-hidden-1234 ="), "\(mistakes)")
    }

    @Test func `a variable that is set but empty counts as not set`() throws {
        #expect(try self.scratch.load(environment: ["QWEN_PORT": "", "QWEN_API_KEY": ""]).server.port == 3455)
    }

    @Test func `an unknown variable is a warning that names the one that was meant`() throws {
        let configuration = try self.scratch.load(environment: [
            "QWEN_PROT": "1", "QWEN_CODE_X": "1", "QWEN_ZZZZZZZZ": "1",
        ])
        #expect(
            configuration.warnings.contains("The environment variable QWEN_PROT is not known. Did you mean QWEN_PORT?"))
        #expect(
            configuration.warnings.contains("The environment variable QWEN_ZZZZZZZZ is not known and has no effect."))
        #expect(!configuration.warnings.joined().contains("QWEN_CODE_X"))
    }

    @Test func `a secret in a file that others can read is a warning`() throws {
        let toml = "[server]\nlocal_api_key = \"sesame\""
        #expect(!(try self.scratch.load(toml).warnings.joined().contains("chmod")))
        let file = try self.scratch.write(toml, to: "open.toml", permissions: 0o644)
        let warnings = try self.scratch.load(environment: ["QWEN_CONFIG": file]).warnings
        #expect(warnings.contains("\(file) holds a secret and other users can read it. Run: chmod 600 \(file)"))
    }

    @Test(arguments: ["0.0.0.0", "::", "192.168.1.2", "gateway.lan"])
    func `listening beyond this machine without a key is a mistake`(host: String) throws {
        let error = #expect(throws: ConfigurationError.self) {
            try self.scratch.load(environment: ["QWEN_HOST": host])
        }
        #expect(error.map { "\($0)".contains("set server.local_api_key") } == true)
        #expect(throws: Never.self) {
            try self.scratch.load(environment: ["QWEN_HOST": host, "QWEN_LOCAL_API_KEY": "sesame"])
        }
    }

    @Test(arguments: ["127.0.0.1", "localhost", "::1", "::ffff:127.0.0.1"])
    func `this machine may be listened to without a key`(host: String) throws {
        #expect(throws: Never.self) { try self.scratch.load(environment: ["QWEN_HOST": host]) }
    }

    @Test func `users and groups are listed as they are written`() throws {
        let configuration = try self.scratch.load(environment: ["QWEN_ALLOWED_USERS": "alice, @docker,1000"])
        #expect(configuration.server.allowedUsers == ["alice", "@docker", "1000"])
        #expect(throws: ConfigurationError.self) { try self.scratch.load(environment: ["QWEN_ALLOWED_USERS": "@"]) }
    }
}
