// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Transport

@Suite struct ProxyEnvironmentTests {
    private func proxy(
        _ url: String, _ environment: [String: String], hosts: String = "",
    ) throws -> String? {
        let url = try #require(CurlURL(url))
        return ProxyEnvironment(environment, hosts: { hosts }).proxy(for: url)?.url
    }

    @Test func `the variables, as curl reads them`() throws {
        #expect(try self.proxy("http://h/", ["http_proxy": "p"]) == "p")
        #expect(try self.proxy("https://h/", ["http_proxy": "p"]) == nil)
        #expect(try self.proxy("http://h/", ["HTTP_PROXY": "p"]) == nil)
        #expect(try self.proxy("https://h/", ["HTTPS_PROXY": "p"]) == "p")
        #expect(try self.proxy("https://h/", ["HTTPS_PROXY": "p", "https_proxy": "q"]) == "q")
        #expect(try self.proxy("https://h/", ["ALL_PROXY": "p"]) == "p")
        #expect(try self.proxy("https://h/", ["all_proxy": "p", "https_proxy": ""]) == nil)
        #expect(try self.proxy("https://h/", [:]) == nil)
    }

    @Test(arguments: [
        "localhost", "LOCALHOST", "localhost.", "a.localhost", "127.0.0.1", "127.8.9.1", "0x7f.1", "2130706433",
        "127.1",
        "0177.0.0.1", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0", "[::]", "0",
    ])
    func `this machine is never asked through a proxy`(host: String) throws {
        let environment = ["all_proxy": "http://p:1", "no_proxy": "x"]
        #expect(try self.proxy("http://\(host):8080/v1", environment) == nil)
        #expect(try self.proxy("https://user@\(host)/v1", environment) == nil)
    }

    @Test func `nor is a name that the hosts file gives to a loopback address`() throws {
        let hosts = "127.0.1.1\tBox box.example # not.this\n::1 six\n10.0.0.1 far\n#127.0.0.1 comment\nnonsense x\n"
        let environment = ["http_proxy": "p"]
        for name in ["box", "BOX", "box.example", "box.example.", "six"] {
            #expect(try self.proxy("http://\(name)/", environment, hosts: hosts) == nil)
        }
        for name in ["far", "comment", "not.this", "x", "a.box"] {
            #expect(try self.proxy("http://\(name)/", environment, hosts: hosts) == "p")
        }
    }

    @Test(arguments: [
        ("example.com", "example.com", true), ("example.com", "a.example.com", true),
        ("example.com", "notexample.com", false), (".example.com", "example.com", true),
        ("*.example.com", "a.example.com", true), ("Example.COM.", "a.example.com", true), ("*", "anything", true),
        ("a,b c\td", "d", true), ("a, b", "c", false), ("", "a", false), (",,", "a", false),
        ("10.0.0.1", "10.0.0.1", true), ("10.0.0.0/8", "10.9.9.9", true), ("10.0.0.0/8", "11.0.0.1", false),
        ("10.0.0.0/99", "10.0.0.1", false), ("10.0.0.0/x", "10.0.0.0", false), ("0.0.1", "10.0.0.1", false),
        ("fd00::/8", "[fd12::1]", true), ("[fd12::1]", "[fd12::1]", true), ("fd00::/8", "[fe80::1]", false),
    ])
    func `no_proxy names what is reached directly`(list: String, host: String, isDirect: Bool) throws {
        for variable in ["no_proxy", "NO_PROXY"] {
            #expect(try (self.proxy("http://\(host)/", ["http_proxy": "p", variable: list]) == nil) == isDirect)
        }
    }

    @Test(arguments: [
        ("http://user:secret@p.example:3128/", "p.example:3128"), ("p:1", "p:1"), ("user:secret@p:1", "p:1"),
        ("socks5h://a:b@c@[::1]:1080?x", "[::1]:1080"),
    ])
    func `a proxy is named without its password`(url: String, name: String) {
        #expect(Proxy(url: url).name == name)
    }
}
