// SPDX-License-Identifier: Apache-2.0

import CCurl

/// The owner of the multi handle. It lives on the curl thread.
@safe
struct CurlMultiHandle: ~Copyable {
    /// What a transfer came to, as libcurl reports it.
    @safe
    struct Completion {
        let easy: UnsafeMutableRawPointer
        let code: CURLcode
    }

    private let pointer: UnsafeMutableRawPointer
    // Called back until libcurl has closed the last cached connection, which it does when the handle ends.
    private let reactor: CurlReactor

    /// - Parameter reactor: to which the handle's callbacks will point.
    init(reactor: CurlReactor) throws(CurlError) {
        guard let pointer = unsafe curl_multi_init() else {
            throw .multi(code: CURLM_OUT_OF_MEMORY.rawValue, call: "curl_multi_init")
        }
        unsafe self.pointer = pointer
        self.reactor = reactor
    }

    deinit {
        unsafe curl_multi_cleanup(self.pointer)
    }

    func set(maximumIdleConnections count: Int) throws(CurlError) {
        try unsafe CurlError.check(
            ccurl_multi_set_long(self.pointer, CURLMOPT_MAXCONNECTS, count), "CURLMOPT_MAXCONNECTS")
    }

    func set(
        socketFunction: ccurl_socket_function, timerFunction: ccurl_timer_function, data: UnsafeMutableRawPointer,
    ) throws(CurlError) {
        try unsafe CurlError.check(
            ccurl_multi_set_socket_function(self.pointer, socketFunction), "CURLMOPT_SOCKETFUNCTION")
        try unsafe CurlError.check(
            ccurl_multi_set_pointer(self.pointer, CURLMOPT_SOCKETDATA, data), "CURLMOPT_SOCKETDATA")
        try unsafe CurlError.check(
            ccurl_multi_set_timer_function(self.pointer, timerFunction), "CURLMOPT_TIMERFUNCTION")
        try unsafe CurlError.check(
            ccurl_multi_set_pointer(self.pointer, CURLMOPT_TIMERDATA, data), "CURLMOPT_TIMERDATA")
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
