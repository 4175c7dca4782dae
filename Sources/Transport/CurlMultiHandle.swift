// SPDX-License-Identifier: Apache-2.0

import CCurl

/// The owner of the multi handle. It lives on the curl thread.
@safe
final class CurlMultiHandle {
    /// What a transfer came to, as libcurl reports it.
    @safe
    struct Completion {
        let easy: UnsafeMutableRawPointer
        let code: CURLcode
    }

    private var pointer: UnsafeMutableRawPointer
    // Called back until libcurl has closed the last cached connection, which it does when the handle ends.
    private let reactor: CurlReactor
    private let maximumIdleConnections: Int

    /// - Parameter reactor: to which the handle's callbacks will point.
    init(reactor: CurlReactor, maximumIdleConnections: Int) throws(CurlError) {
        self.reactor = reactor
        self.maximumIdleConnections = maximumIdleConnections
        unsafe self.pointer = try Self.make(reactor, maximumIdleConnections)
    }

    deinit {
        unsafe curl_multi_cleanup(self.pointer)
    }

    private static func make(
        _ reactor: CurlReactor, _ maximumIdleConnections: Int
    ) throws(CurlError) -> UnsafeMutableRawPointer {
        guard let pointer = unsafe curl_multi_init() else {
            throw .multi(code: CURLM_OUT_OF_MEMORY.rawValue, call: "curl_multi_init")
        }
        do throws(CurlError) {
            try unsafe CurlError.check(
                ccurl_multi_set_long(pointer, CURLMOPT_MAXCONNECTS, maximumIdleConnections), "CURLMOPT_MAXCONNECTS")
            try unsafe reactor.attach(toMultiHandle: pointer)
        } catch {
            unsafe curl_multi_cleanup(pointer)
            throw error
        }
        return unsafe pointer
    }

    /// Closes all connections that are kept for later requests. No transfer may be in here.
    func closeIdleConnections() {
        // libcurl has no call for this: it closes them with the handle (curl_multi_cleanup(3)). If there is no memory for another
        // one, they stay open.
        guard let fresh = unsafe try? Self.make(self.reactor, self.maximumIdleConnections) else { return }
        unsafe curl_multi_cleanup(self.pointer)
        unsafe self.pointer = fresh
    }

    func add(_ easy: borrowing CurlEasyHandle) throws(CurlError) {
        try unsafe CurlError.check(curl_multi_add_handle(self.pointer, easy.pointer), "curl_multi_add_handle")
    }

    /// Ends the transfer of `easy` if it is still going: its connection is closed, or its HTTP/2 stream is reset.
    func remove(_ easy: borrowing CurlEasyHandle) {
        // It fails only for a handle that is not in here, which the caller's state excludes, or from within a callback.
        let code = unsafe curl_multi_remove_handle(self.pointer, easy.pointer)
        precondition(code == CURLM_OK, "curl_multi_remove_handle failed")
    }

    func socketBecameReady(_ descriptor: Int32, _ readiness: SocketInterest) {
        var running: Int32 = 0
        // Its error is about the multi handle itself (a bad handle, no memory); transfers report theirs as completions.
        _ = unsafe curl_multi_socket_action(self.pointer, descriptor, readiness.curlMask, &running)
    }

    func timerFired() {
        var running: Int32 = 0
        _ = unsafe curl_multi_socket_action(self.pointer, ccurl_socket_timeout, 0, &running)
    }

    /// The next transfer that has ended by itself. The handle stays in here until it is removed.
    func nextCompletion() -> Completion? {
        var left: Int32 = 0
        while let message = unsafe curl_multi_info_read(self.pointer, &left) {
            // libcurl knows no other message yet (curl_multi_info_read(3)).
            guard unsafe message.pointee.msg == CURLMSG_DONE, let easy = unsafe message.pointee.easy_handle else {
                continue
            }
            return unsafe Completion(easy: easy, code: message.pointee.data.result)
        }
        return nil
    }
}
