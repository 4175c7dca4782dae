// SPDX-License-Identifier: Apache-2.0

import Foundation

@testable import Configuration
@testable import Credentials

extension Moment {
    private static let start = ContinuousClock.now

    /// By the wall clock, in seconds since 1970; the steady clock shows the same unless it is said to differ.
    init(_ wall: Double, steady: Double? = nil) {
        self.init(
            wall: Date(timeIntervalSince1970: wall),
            steady: Self.start + .milliseconds(Int((steady ?? wall) * 1000)))
    }
}

extension CredentialStateMachine {
    mutating func look(_ content: CredentialsFile.Content, _ selection: UpstreamSelection) {
        let ticket = self.lookStarted()
        self.looked(content, selection: selection, ticket: ticket)
    }
}
