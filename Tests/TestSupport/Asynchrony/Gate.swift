// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Holds a script at one point until the test says go.
public final class Gate: Sendable {
    private enum State {
        /// To `open`.
        case closed([@Sendable () -> Void])
        /// For good.
        case open
    }

    private let state = Mutex(State.closed([]))

    public init() {}

    public func open() {
        let actions: [@Sendable () -> Void] = self.state.withLock { state in
            defer { state = .open }
            guard case .closed(let actions) = state else { return [] }
            return actions
        }
        for action in actions { action() }
    }

    /// Calls `action` when the gate is open: now, or in `open()`.
    public func whenOpen(_ action: @escaping @Sendable () -> Void) {
        let isOpen = self.state.withLock { state in
            guard case .closed(let actions) = state else { return true }
            state = .closed(actions + [action])
            return false
        }
        if isOpen { action() }
    }
}
