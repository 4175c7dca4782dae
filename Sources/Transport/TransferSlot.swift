// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

/// An easy handle with everything set that is the same for all transfers, used for one transfer after another.
///
/// Setting up a handle once and changing what differs is cheaper than `curl_easy_reset` and some twenty options.
/// libcurl's callbacks get a pointer to the slot.
@safe
final class TransferSlot {
    let easy: CurlEasyHandle
    private(set) var transfer: ActiveTransfer?
    /// The size of the body for which libcurl has a send buffer.
    private var sendBufferOf: Int?
    /// What the handle was set to: nil before the first transfer.
    private var isPlain: Bool?
    /// Through which the transfer goes.
    private(set) var proxy: Proxy?
    private let round: LoopRound
    private let settings: UpstreamClient.Settings
    private let errorBuffer: UnsafeMutablePointer<CChar>

    init(settings: UpstreamClient.Settings, reactor: CurlReactor, round: LoopRound) throws(CurlError) {
        self.easy = try CurlEasyHandle()
        self.round = round
        self.settings = settings
        unsafe self.errorBuffer = .allocate(capacity: Int(ccurl_error_size))
        unsafe self.errorBuffer.initialize(repeating: 0, count: Int(ccurl_error_size))
        try self.setConstants()
        try self.setCallbacks()
        try reactor.attach(to: self.easy)
    }

    deinit {
        // Cleaning up the handle comes after this and may still want to write a message.
        try? unsafe self.easy.set(.errorBuffer, nil)
        unsafe self.errorBuffer.deallocate()
    }

    /// Sets what differs from one transfer to the next.
    func begin(_ transfer: ActiveTransfer) throws(CurlError) {
        self.transfer = transfer
        unsafe self.errorBuffer[0] = 0
        transfer.prepare(self.settings, now: self.round.now)
        let target = transfer.target
        // Both: with only the one libcurl would parse it again, with only the other it would write it down again.
        try self.easy.set(.url, target.url)
        try unsafe self.easy.set(.parsedURL, target.parsedURL?.pointer)
        try unsafe self.easy.set(.headers, target.headers.first(forBodyOf: transfer.body.count))
        try self.easy.set(.connectTimeoutMilliseconds, target.connectMilliseconds)
        try self.setVersion(isPlain: target.parsedURL?.isPlain ?? true)
        try self.setProxy(target.parsedURL.flatMap { self.settings.proxies.proxy(for: $0) })
        switch target.method {
        case .get:
            try self.easy.set(.get, true)
        case .post where transfer.body.isSmall:
            try self.easy.set(.post, true)
            try self.easy.setBody(copying: transfer.body.takeAll())
        case .post:
            try self.easy.set(.post, true)
            try self.easy.set(.uploadBufferSize, self.settings.sendBufferSize)
            try self.easy.setBody(readingSize: transfer.body.count)
            self.sendBufferOf = transfer.body.count
        }
    }

    private func setVersion(isPlain: Bool) throws(CurlError) {
        guard self.isPlain != isPlain else { return }
        // Without TLS there is no negotiation of HTTP/2, and to say so at once saves libcurl the question.
        try self.easy.set(.httpVersion, Int(isPlain ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS))
        self.isPlain = isPlain
    }

    private func setProxy(_ proxy: Proxy?) throws(CurlError) {
        guard self.proxy != proxy else { return }
        try self.easy.set(.proxy, proxy?.url ?? "")
        self.proxy = proxy
    }

    /// Gives the send buffer back once the whole of a large body has left it.
    func releaseSendBuffer() {
        // libcurl up to 8.6 would keep it until the end of the transfer: 512 KB for each stream that goes on for
        // minutes. Setting the size anew frees it, wherefore nothing may be left in it. Later versions free it
        // themselves and only note the size.
        guard let size = self.sendBufferOf, self.easy.sentBodyBytes >= size else { return }
        self.sendBufferOf = nil
        try? self.easy.set(.uploadBufferSize, Self.smallestSendBuffer)
    }

    /// Forgets the transfer, and has libcurl forget what belongs to it. The handle must be outside of the multi handle.
    func end() {
        self.transfer = nil
        self.sendBufferOf = nil
        // They cannot fail: each only clears a field.
        try? unsafe self.easy.set(.headers, nil)
        try? unsafe self.easy.set(.parsedURL, nil)
        try? self.easy.setBody(readingSize: 0)
    }

    /// What libcurl had to say about the failure, with the peer's address and without anything that was sent.
    var errorText: String {
        unsafe String(cString: self.errorBuffer)
    }

    static func of(_ easy: UnsafeMutableRawPointer) -> TransferSlot {
        var owner: UnsafeMutableRawPointer?
        let code = unsafe ccurl_easy_get_private(easy, &owner)
        precondition(code == CURLE_OK, "an easy handle without its slot")
        return unsafe Self.from(owner)
    }

    /// The least that libcurl accepts.
    private static let smallestSendBuffer = 16 * 1_024

    private func setConstants() throws(CurlError) {
        // libcurl would use SIGALRM to time out name look-ups, which a program with threads cannot stand.
        try self.easy.set(.noSignal, true)
        try self.easy.set(.protocols, "http,https")
        // A redirect would take the bearer token along to wherever it points.
        try self.easy.set(.followLocation, false)
        try self.easy.set(.verifyPeer, 1)
        // 2: the name in the certificate has to be the host's. 1 was an error before 7.66
        // (CURLOPT_SSL_VERIFYHOST(3)).
        try self.easy.set(.verifyHost, 2)
        // Answers that are compressed without having been asked to be are decompressed too (`CurlHeaderList` asks for none).
        try self.easy.set(.acceptEncoding, "gzip, deflate")
        // Which upstreams are asked through a proxy is decided by `ProxyEnvironment` alone.
        try self.easy.set(.proxy, "")
        try self.easy.set(.noProxy, "")
        try self.easy.set(.tcpNoDelay, true)
        try self.easy.set(.keepAlive, true)
        // Routers forget a connection that is silent for some minutes, which a model may well be before its first
        // word.
        try self.easy.set(.keepAliveIdle, 60)
        try self.easy.set(.keepAliveInterval, 30)
        try self.easy.set(.bufferSize, self.settings.receiveBufferSize)
        // The proxy's answer to CONNECT is not the upstream's.
        try self.easy.set(.suppressConnectHeaders, true)
        // Without it, taking back a transfer whose host is still being looked up waits for the resolver: all others too.
        try self.easy.set(.quickExit, true)
        if let file = self.settings.certificateAuthorities {
            try self.easy.set(.certificateAuthorities, file)
        }
    }

    private func setCallbacks() throws(CurlError) {
        let owner = unsafe UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        try unsafe self.easy.set(.owner, owner)
        try unsafe self.easy.set(.errorBuffer, UnsafeRawPointer(self.errorBuffer))
        try unsafe self.easy.set(.headerData, owner)
        try unsafe self.easy.set(.header) { line, size, count, data in
            let slot = unsafe TransferSlot.from(data)
            let line = unsafe UnsafeRawBufferPointer(start: line, count: size * count)
            return unsafe slot.transfer?.headerReceived(line, round: slot.round) == .taken ? line.count : 0
        }
        try unsafe self.easy.set(.writeData, owner)
        try unsafe self.easy.set(.write) { bytes, size, count, data in
            let slot = unsafe TransferSlot.from(data)
            let bytes = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
            // libcurl may call for an empty body, and expects to hear that none of it was taken.
            if unsafe bytes.isEmpty { return 0 }
            return switch unsafe slot.transfer?.bodyReceived(bytes, round: slot.round) {
            case .taken: bytes.count
            case .refused: ccurl_write_pause
            case .aborted, nil: 0
            }
        }
        try unsafe self.easy.set(.readData, owner)
        try unsafe self.easy.set(.read) { buffer, size, count, data in
            let slot = unsafe TransferSlot.from(data)
            let buffer = unsafe UnsafeMutableRawBufferPointer(start: buffer, count: size * count)
            return unsafe slot.transfer?.bodyWanted(buffer, round: slot.round) ?? ccurl_read_abort
        }
        try unsafe self.easy.set(.seekData, owner)
        try unsafe self.easy.set(seekFunction: { data, offset, origin in
            let slot = unsafe TransferSlot.from(data)
            guard origin == SEEK_SET, let transfer = slot.transfer, transfer.body.seek(to: Int(offset)) else {
                return CURL_SEEKFUNC_FAIL
            }
            return CURL_SEEKFUNC_OK
        })
    }

    private static func from(_ data: UnsafeMutableRawPointer?) -> TransferSlot {
        unsafe Unmanaged<TransferSlot>.fromOpaque(data!).takeUnretainedValue()
    }
}
