// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Server

@Suite struct RequestIDGeneratorTests {
    @Test func `identities look alike and never repeat`() {
        let generator = RequestIDGenerator()
        let identities = (0..<10_000).map { _ in generator.next() }
        #expect(Set(identities).count == identities.count)
        #expect(identities.allSatisfy { $0.hasPrefix("req_") && $0.utf8.count == 20 })
        #expect(identities.allSatisfy { $0.dropFirst(4).allSatisfy(\.isHexDigit) })
    }
}
