// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Sends HTTP requests to upstreams. All transfers share one thread, one connection cache and one DNS cache.
package final class UpstreamClient: Sendable {
    /// What counts for all requests of a client.
    package struct Settings: Sendable, Equatable {
        /// Connections kept open for later requests, over all hosts.
        var maximumIdleConnections: Int
        /// How long connections are kept after the last transfer. libcurl uses none again after 118 s (CURLOPT_MAXAGE_CONN(3)).
        var idleTime: Duration
        /// Easy handles kept for reuse. One costs some 6 KB.
        var maximumIdleHandles: Int
        /// Bytes of head, interim heads included, after which an answer is refused.
        var maximumHeadSize: Int
        /// Bytes of trailers, which follow a chunked body, after which an answer is refused.
        var maximumTrailerSize: Int
        /// Easy handles that hold more bytes of heads and trailers than this are not kept for reuse.
        var maximumIdleHandleSize: Int
        /// The most that one read takes from a connection. A stream's chunks are small, and each transfer has such a buffer.
        var receiveBufferSize: Int
        /// The most that one send gives to a connection. A transfer has such a buffer only while it sends a large body.
        var sendBufferSize: Int
        /// Which upstreams are asked through which proxy.
        var proxies: ProxyEnvironment
        /// A file of trusted certificates to use in place of the system's, or nil.
        var certificateAuthorities: String?

        package init(
            maximumIdleConnections: Int = 1_024,
            idleTime: Duration = .seconds(120),
            maximumIdleHandles: Int = 128,
            maximumHeadSize: Int = 128 * 1_024,
            maximumTrailerSize: Int = 16 * 1_024,
            maximumIdleHandleSize: Int = 16 * 1_024,
            receiveBufferSize: Int = 8 * 1_024,
            sendBufferSize: Int = 512 * 1_024,
            proxies: ProxyEnvironment = ProxyEnvironment(),
            certificateAuthorities: String? = nil,
        ) {
            self.maximumIdleConnections = maximumIdleConnections
            self.idleTime = idleTime
            self.maximumIdleHandles = maximumIdleHandles
            self.maximumHeadSize = maximumHeadSize
            self.maximumTrailerSize = maximumTrailerSize
            self.maximumIdleHandleSize = maximumIdleHandleSize
            self.receiveBufferSize = receiveBufferSize
            self.sendBufferSize = sendBufferSize
            self.proxies = proxies
            self.certificateAuthorities = certificateAuthorities
        }
    }

    private let mailbox: CurlMailbox
    private let count = TransferCount()
    private let thread: Mutex<CurlThread?>

    /// Starts the curl thread. Throws when libcurl or the kernel gives no handle.
    package init(settings: Settings = Settings()) throws(CurlError) {
        self.mailbox = try CurlMailbox()
        let loop = try CurlMultiLoop(settings: settings, mailbox: self.mailbox, count: self.count)
        self.thread = Mutex(try CurlThread(running: loop))
    }

    deinit {
        self.shutdown()
    }

    /// Transfers that were started and whose receivers have not been told of the end.
    var activeTransfers: Int {
        self.count.value
    }

    /// Starts `request` and returns at once. After `shutdown()` the receiver is told `.cancelled` on the calling thread.
    @discardableResult
    func start(_ request: UpstreamRequest, receiver: any TransferReceiver) -> Transfer {
        let transfer = self.prepare(request, receiver: receiver, ended: nil)
        self.start(transfer)
        return transfer
    }

    /// Runs `request` to its end. Cancelling the task cancels the transfer; `receiver.finished` has returned before this does.
    /// - Parameter starting: is given the transfer, for `resume()`, before anything is sent.
    package func run(
        _ request: consuming UpstreamRequest, receiver: any TransferReceiver, starting: (Transfer) -> Void = { _ in },
    ) async throws(UpstreamError) {
        let result = await self.result(of: consume request, receiver: receiver, starting: starting)
        try result.get()
    }

    /// Collects a small answer whole. One longer than `limit` bytes is `.tooLarge`.
    package func fetch(
        _ request: UpstreamRequest, limit: Int,
    ) async throws(UpstreamError) -> (head: UpstreamResponseHead, body: [UInt8]) {
        let collector = ResponseCollector(limit: limit)
        let result = await self.result(of: request, receiver: collector)
        return try collector.response(of: result)
    }

    /// Has `reply` called on the curl thread: as long as that happens promptly, transfers make progress.
    package func ping(_ reply: @escaping @Sendable () -> Void) {
        self.mailbox.post(.ping(reply))
    }

    /// Cancels every transfer, tells the receivers, and waits for the thread to end. Only the first call does anything.
    package func shutdown() {
        // Taken out, so that the lock is not held while the thread ends: its receivers may call this object.
        guard let thread = self.thread.withLock({ $0.take() }) else { return }
        self.mailbox.post(.shutDown)
        thread.join()
    }

    private func result(
        of request: consuming UpstreamRequest, receiver: any TransferReceiver, starting: (Transfer) -> Void = { _ in },
    ) async -> Result<Void, UpstreamError> {
        let end = TransferEnd()
        // The body is the transfer's alone from here: it can be freed when it is sent, while the answer goes on for long.
        let transfer = self.prepare(consume request, receiver: receiver, ended: end)
        starting(transfer)
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                end.wait(continuation)
                self.start(transfer)
            }
        } onCancel: {
            // It may overtake the start, which then finds the transfer ended.
            transfer.cancel()
        }
    }

    private func prepare(
        _ request: consuming UpstreamRequest, receiver: any TransferReceiver, ended: TransferEnd?,
    ) -> Transfer {
        // Counted here, because a cancellation can end it before it is started.
        self.count.started()
        return Transfer(active: ActiveTransfer(request, receiver: receiver, ended: ended), mailbox: self.mailbox)
    }

    private func start(_ transfer: Transfer) {
        if self.mailbox.post(.start(transfer)) { return }
        // The curl thread takes nothing any more, so the transfer is ours, if it has not ended there before.
        if unsafe transfer.active.refuse() { self.count.ended() }
    }
}
