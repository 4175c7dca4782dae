// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Carries a request into its task without leaving a copy in the task's closure, which would keep a body of megabytes for
/// as long as the answer streams.
final class HandedRequest: Sendable {
    private let request: Mutex<InboundRequest?>

    init(_ request: InboundRequest) {
        self.request = Mutex(request)
    }

    /// Nothing the second time.
    func take() -> InboundRequest? {
        self.request.withLock { $0.take() }
    }
}
