// SPDX-License-Identifier: Apache-2.0

import CCurl

/// The loop of the curl thread: owns the multi handle, all easy handles, and every transfer between start and end.
///
/// A round is: libcurl's timer, ends, flushes; then sleep; then sockets, ends, flushes, and last the commands.
final class CurlMultiLoop {
    private let mailbox: CurlMailbox
    private let count: TransferCount
    private let round = LoopRound()
    private let reactor: CurlReactor
    private let multi: CurlMultiHandle
    private var slots: TransferSlotPool
    private var transfers = ActiveTransferList()
    private var commands: [CurlMailbox.Command] = []
    private var settling: [ActiveTransfer] = []
    private var isRunning = true
    /// Of all connections, until they are closed; in milliseconds.
    private let idleTime: Int64
    /// When that is over.
    private var idleDeadline = LoopTime.distantFuture

    init(settings: UpstreamClient.Settings, mailbox: CurlMailbox, count: TransferCount) throws(CurlError) {
        try CurlLibrary.initialize()
        self.mailbox = mailbox
        self.count = count
        self.reactor = try CurlReactor(wake: mailbox.wake)
        self.slots = TransferSlotPool(settings: settings, reactor: self.reactor, round: self.round)
        self.multi = try CurlMultiHandle(
            reactor: self.reactor, maximumIdleConnections: settings.maximumIdleConnections)
        self.idleTime = settings.idleTime.clampedMilliseconds()
    }

    /// Returns when it was told to shut down and every transfer has ended.
    func run() {
        self.performCommands()
        while self.isRunning {
            self.checkTimers()
            self.settle()
            self.waitForSockets()
            self.settle()
            self.performCommands()
        }
        self.shutDown()
    }

    private func performCommands() {
        self.mailbox.take(into: &self.commands)
        for command in self.commands {
            switch command {
            case .start(let transfer): unsafe self.start(transfer.active)
            case .resume(let transfer): unsafe self.resume(transfer.active)
            case .cancel(let transfer): unsafe self.end(transfer.active, transfer.active.machine.cancelReceived())
            case .ping(let reply): reply()
            case .shutDown: self.isRunning = false
            }
        }
        self.commands.removeAll(keepingCapacity: true)
    }

    private func start(_ transfer: ActiveTransfer) {
        guard transfer.machine.startReceived() == .begin else { return }
        guard transfer.target.parsedURL != nil else {
            let error = UpstreamError.invalidURL(UpstreamAddress.redacted(transfer.target.url))
            return self.end(transfer, transfer.machine.completed(error))
        }
        do throws(CurlError) {
            let slot = try self.slots.take()
            try slot.begin(transfer)
            try self.multi.add(slot.easy)
            transfer.began(in: slot)
            self.transfers.insert(transfer)
            self.idleDeadline = .distantFuture
            self.round.watchSilence(of: transfer)
        } catch {
            // A slot that could not be set up is not used again.
            let error = UpstreamError.unreachable(host: transfer.target.host, reason: "\(error)")
            self.end(transfer, transfer.machine.completed(error))
        }
    }

    private func resume(_ transfer: ActiveTransfer) {
        let action = transfer.machine.resumeReceived()
        guard action != .nothing, let slot = transfer.slot else { return }
        // The pause was the client's and must not count against the upstream's stall timeout.
        transfer.silence.progressMade(at: self.round.now)
        self.round.watchSilence(of: transfer)
        guard action == .unpause else { return }
        // It delivers what was held back before it returns.
        let code = slot.easy.resumeReceiving()
        if let error = UpstreamError(code, in: slot, target: transfer.target) {
            self.end(transfer, transfer.machine.completed(error))
        }
    }

    private func checkTimers() {
        if self.reactor.timerDeadline <= self.round.now {
            // First, because libcurl may set its timer anew while it is called.
            self.reactor.timerFired()
            self.multi.timerFired()
        }
        if self.round.silenceCheck <= self.round.now {
            let (expired, next) = self.transfers.silent(at: self.round.now)
            self.round.silenceChecked(next: next)
            for transfer in expired { self.end(transfer, transfer.machine.silenceElapsed()) }
        }
        if self.idleDeadline <= self.round.now {
            self.idleDeadline = .distantFuture
            // libcurl looks at them when a transfer begins: what upstreams have closed by now would stay until then.
            self.multi.closeIdleConnections()
        }
    }

    private func waitForSockets() {
        let deadline = min(self.reactor.timerDeadline, self.round.silenceCheck, self.idleDeadline)
        // The clock is read anew: the work of this round has taken time.
        let timeout = LoopTime.now().waitMilliseconds(until: deadline)
        // It must be asked last: a command that comes after it is signalled, one that came before it is not.
        let sleeps = timeout != 0 && self.mailbox.prepareToSleep()
        let count = self.reactor.wait(milliseconds: sleeps ? timeout : 0)
        self.round.now = .now()
        self.reactor.forEachReady(of: count) { self.multi.socketBecameReady($0, $1) }
    }

    /// Ends what libcurl has ended, then lets the receivers pass on what they collected.
    private func settle() {
        while let completion = self.multi.nextCompletion() {
            let slot = unsafe TransferSlot.of(completion.easy)
            guard let transfer = slot.transfer else { continue }
            let error = UpstreamError(completion.code, in: slot, target: transfer.target)
            self.end(transfer, transfer.machine.completed(error))
        }
        guard !self.round.touched.isEmpty else { return }
        swap(&self.settling, &self.round.touched)
        for transfer in self.settling {
            transfer.flush()
            guard let slot = transfer.slot else { continue }
            slot.releaseSendBuffer()
            switch transfer.machine.roundEnded() {
            case .nothing: break
            case .pause: _ = slot.easy.pauseReceiving()
            case .tell: self.tell(transfer, nil)
            }
        }
        self.settling.removeAll(keepingCapacity: true)
    }

    private func end(_ transfer: ActiveTransfer, _ action: TransferStateMachine.EndAction) {
        if case .nothing = action { return }
        if let slot = transfer.slot {
            // Before the slot is given back: an easy handle may be changed only outside of the multi handle.
            self.multi.remove(slot.easy)
            self.transfers.remove(transfer)
            if self.transfers.isEmpty { self.idleDeadline = self.round.now.advanced(byMilliseconds: self.idleTime) }
            self.slots.giveBack(slot)
        }
        transfer.release()
        if case .finish(let error) = action { self.tell(transfer, error) }
    }

    private func tell(_ transfer: ActiveTransfer, _ error: UpstreamError?) {
        self.count.ended()
        transfer.finish(error)
    }

    private func shutDown() {
        // Closed first: a thread that posts from now on is told so. A cancellation or resumption that was not seen is
        // of a transfer that ends below.
        let unseen = self.mailbox.close()
        while let transfer = self.transfers.last {
            self.end(transfer, transfer.machine.cancelReceived())
        }
        for case .start(let transfer) in unseen {
            unsafe self.end(transfer.active, transfer.active.machine.cancelReceived())
        }
        self.slots.removeAll()
    }
}
