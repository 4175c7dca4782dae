// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1
import Testing

@testable import Server

@Suite struct RequestAdmissionTests {
    private let admission = RequestAdmission(
        originPolicy: LocalOriginPolicy(address: ListeningAddress(host: "127.0.0.1", port: 80), allowedHosts: []),
        maximumBodySize: 100,
    )

    private func decision(
        _ headers: [(String, String)],
        target: String = "/",
        isVersionZero: Bool = false,
        isStopping: Bool = false,
    ) -> RequestAdmission.Decision {
        let head = RequestHead(
            method: "POST",
            target: target,
            headers: HTTPHeaders(headers),
            isKeepAlive: true,
            isVersionZero: isVersionZero,
        )
        return self.admission.decision(on: head, isStopping: isStopping)
    }

    private func rejection(of decision: RequestAdmission.Decision) -> ProtocolRejection? {
        switch decision {
        case .admit: nil
        case .reject(let rejection): rejection
        }
    }

    @Test func `a good head is admitted`() {
        #expect(self.rejection(of: self.decision([("Host", "localhost"), ("Content-Length", "100")])) == nil)
        #expect(self.rejection(of: self.decision([], isVersionZero: true)) == nil)
    }

    @Test func `an announced size is believed when it is too large`() {
        let decision = self.decision([("Host", "localhost"), ("CONTENT-LENGTH", "101")])
        #expect(self.rejection(of: decision) == .bodyTooLarge(limit: 100))
    }

    @Test func `the authority of a URL counts before the Host`() {
        let decision = self.decision([("Host", "localhost")], target: "http://evil.example/")
        #expect(self.rejection(of: decision) == .foreignOrigin("evil.example"))
    }

    @Test func `foreigners are not told that we are stopping`() {
        let foreign = self.decision([("Host", "localhost"), ("Origin", "null")], isStopping: true)
        #expect(self.rejection(of: foreign) == .foreignOrigin("null"))
        #expect(self.rejection(of: self.decision([("Host", "localhost")], isStopping: true)) == .stopping)
    }

    @Test func `a compression is understood or named`() {
        func decision(_ codings: String...) -> RequestAdmission.Decision {
            self.decision([("Host", "localhost")] + codings.map { ("Content-Encoding", $0) })
        }
        for (value, expected) in [("gzip", ContentCoding.gzip), ("DEFLATE", .deflate), ("identity", nil)] {
            guard case .admit(_, let coding, _) = decision(value) else {
                Issue.record("refused \(value)")
                continue
            }
            #expect(coding == expected)
        }
        #expect(self.rejection(of: decision("zstd")) == .unsupportedCoding("zstd"))
        #expect(self.rejection(of: decision("gzip", "gzip")) == .unsupportedCoding("gzip, gzip"))
    }

    @Test func `permission is given only to clients that ask and can wait`() {
        let expecting: [(name: String, value: String)] = [("Host", "localhost"), ("Expect", "100-Continue")]
        let body: [(name: String, value: String)] = [("Content-Length", "5")]
        for (headers, isVersionZero, expected) in [
            (expecting + body, false, true), (expecting, false, false), (expecting + body, true, false),
            ([("Host", "localhost")] + body, false, false),
        ] {
            guard case .admit(_, _, let sendsContinue) = self.decision(headers, isVersionZero: isVersionZero) else {
                Issue.record("refused")
                continue
            }
            #expect(sendsContinue == expected)
        }
    }
}
