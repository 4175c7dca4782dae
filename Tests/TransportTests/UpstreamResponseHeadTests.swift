// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Transport

@Suite struct UpstreamResponseHeadTests {
    private let target = UpstreamTarget(
        method: .post, url: "https://user:secret@a.example/v1/chat/completions?key=secret", headers: [],
        timeouts: .init())

    private func kind(_ status: Int, _ lines: String...) -> TransferStateMachine.Head {
        UpstreamResponseHead(
            status: status, lines: lines.flatMap { Array($0.utf8) + [10] }, mayNameCodings: true
        ).kind(from: self.target)
    }

    @Test(arguments: [
        ("https://b.example/v1/chat/completions?token=secret#x", "https://b.example/v1/chat/completions"),
        ("https://user:secret@b.example:8443/v1", "https://b.example:8443/v1"),
        ("//b.example/v1", "https://b.example/v1"), ("/login?next=secret", "https://a.example/login"),
        ("other", "https://a.example/v1/chat/other"),
    ])
    func `a redirect names where it leads, without what may be secret`(location: String, destination: String) {
        #expect(
            self.kind(308, "location:\(location)") == .unusable(.redirected(status: 308, location: destination)))
    }

    @Test(arguments: ["", "javascript:alert(1)", "http://", "http://a b/", "https://x/\u{1b}[2J", "http://[::1"])
    func `a redirect to nowhere names nothing`(location: String) {
        #expect(self.kind(302, "location:\(location)") == .unusable(.redirected(status: 302, location: nil)))
    }

    @Test func `a redirect without a location, and one that is too long to be read`() {
        #expect(self.kind(301) == .unusable(.redirected(status: 301, location: nil)))
        let long = "location:https://b.example/" + String(repeating: "x", count: 1_000)
        #expect(self.kind(301, long) == .unusable(.redirected(status: 301, location: nil)))
    }

    @Test(arguments: [(200, true), (204, true), (299, true), (300, false), (304, false), (400, false), (500, false)])
    func `success begins an answer, everything else a refusal`(status: Int, isAnswer: Bool) {
        #expect(self.kind(status) == (isAnswer ? .answer : .refusal))
    }

    @Test(arguments: ["gzip", "X-GZIP", "deflate", "br", "zstd", "identity", "", " , gzip", "identity, gzip"])
    func `one layer of a known compression is read`(coding: String) {
        #expect(self.kind(200, "content-encoding:\(coding)") == .answer)
        #expect(self.kind(500, "transfer-encoding:\(coding), chunked") == .refusal)
    }

    @Test func `more than one layer is not`() {
        let error = TransferStateMachine.Head.unusable(.undecodable(reason: "it is compressed more than once"))
        #expect(self.kind(200, "content-encoding:gzip, gzip") == error)
        #expect(self.kind(200, "content-encoding:gzip", "content-encoding:br") == error)
        #expect(self.kind(200, "content-encoding:gzip", "transfer-encoding:gzip, chunked") == error)
    }

    @Test func `a compression that is not known is named`() {
        #expect(
            self.kind(200, "content-encoding:compress")
                == .unusable(.undecodable(reason: "its coding \"compress\" is unknown")))
        let name = "a??2j?" + String(repeating: "x", count: 26)
        #expect(
            self.kind(400, "content-encoding:a\u{1b}[2J\u{202e}" + String(repeating: "x", count: 99))
                == .unusable(.undecodable(reason: "its coding \"\(name)\" is unknown")))
    }
}
