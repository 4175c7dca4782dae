// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Server

@Suite struct RequestTargetTests {
    private func check(_ text: String, _ authority: String?, _ path: String, _ query: String?) {
        let target = RequestTarget(text)
        #expect(target?.authority == authority)
        #expect(target?.path == path)
        #expect(target?.query == query)
    }

    @Test func `paths and queries come apart at the first question mark`() {
        self.check("/v1/messages?beta=true", nil, "/v1/messages", "beta=true")
        self.check("/", nil, "/", nil)
        self.check("/a%3Fb?", nil, "/a%3Fb", "")
        self.check("/a?b?c", nil, "/a", "b?c")
        self.check("*", nil, "*", nil)
    }

    @Test func `a URL brings its own authority`() {
        self.check("http://localhost:80/x?y", "localhost:80", "/x", "y")
        self.check("HTTP://evil.example", "evil.example", "/", nil)
        self.check("https://h?q", "h", "/", "q")
    }

    @Test(arguments: ["", "x", "ftp://h/", "localhost:80", "?q"])
    func `anything else is not a target`(text: String) {
        #expect(RequestTarget(text) == nil)
    }
}
