// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The way into the curl thread: commands from any thread, with one signal for all that arrive while it sleeps.
final class CurlMailbox: Sendable {
    enum Command: Sendable {
        case start(Transfer)
        case resume(Transfer)
        case cancel(Transfer)
        case ping(@Sendable () -> Void)
        case shutDown
    }

    private enum Reader {
        /// It looks in here before it sleeps, so it needs no signal.
        case awake
        case asleep
        /// It takes nothing any more.
        case gone
    }

    private struct State {
        var commands: [Command] = []
        var reader = Reader.awake
    }

    let wake: EventDescriptor
    private let state = Mutex(State())

    init() throws(CurlError) {
        self.wake = try EventDescriptor()
    }

    /// Returns false when the thread has ended, or is about to, and will not see the command.
    @discardableResult
    func post(_ command: Command) -> Bool {
        let outcome = self.state.withLock { state -> (isPosted: Bool, needsSignal: Bool) in
            if state.reader == .gone { return (false, false) }
            state.commands.append(command)
            // One signal is enough for all commands that come before the curl thread looks in here.
            defer { state.reader = .awake }
            return (true, state.reader == .asleep)
        }
        // Outside of the lock, which the woken thread takes first of all.
        if outcome.needsSignal { self.wake.signal() }
        return outcome.isPosted
    }

    /// Exchanges `commands`, which must be empty, with what has come in. Its storage is used again.
    func take(into commands: inout [Command]) {
        self.state.withLock { state in
            state.reader = .awake
            swap(&state.commands, &commands)
        }
    }

    /// Says that the thread is going to sleep and wants a signal. Returns false when there is something to do instead.
    func prepareToSleep() -> Bool {
        self.state.withLock { state in
            guard state.commands.isEmpty else { return false }
            state.reader = .asleep
            return true
        }
    }

    /// Refuses everything from now on and returns what was still in here.
    func close() -> [Command] {
        self.state.withLock { state in
            state.reader = .gone
            defer { state.commands = [] }
            return state.commands
        }
    }
}
