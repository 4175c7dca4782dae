// SPDX-License-Identifier: Apache-2.0

import CCurl

/// The owner of one easy handle. It lives on the curl thread, outside of the multi handle when it ends.
@safe
struct CurlEasyHandle: ~Copyable {
    let pointer: UnsafeMutableRawPointer

    init() throws(CurlError) {
        guard let pointer = unsafe curl_easy_init() else {
            throw .easy(code: CURLE_OUT_OF_MEMORY.rawValue, call: "curl_easy_init")
        }
        unsafe self.pointer = pointer
    }

    deinit {
        unsafe curl_easy_cleanup(self.pointer)
    }

    func set(_ option: CurlOption.Text, _ value: String) throws(CurlError) {
        let code = unsafe value.withCString { unsafe ccurl_easy_set_pointer(self.pointer, option.code, $0) }
        try CurlError.check(code, "curl_easy_setopt(\(option))")
    }

    func set(_ option: CurlOption.Number, _ value: Int) throws(CurlError) {
        let code = unsafe ccurl_easy_set_long(self.pointer, option.code, value)
        try CurlError.check(code, "curl_easy_setopt(\(option))")
    }

    func set(_ option: CurlOption.Number, _ value: Bool) throws(CurlError) {
        try self.set(option, value ? 1 : 0)
    }

    func set(_ option: CurlOption.Pointer, _ value: UnsafeRawPointer?) throws(CurlError) {
        let code = unsafe ccurl_easy_set_pointer(self.pointer, option.code, value)
        try CurlError.check(code, "curl_easy_setopt(\(option))")
    }

    func set(_ option: CurlOption.BytesFunction, _ function: ccurl_bytes_function) throws(CurlError) {
        let code = unsafe ccurl_easy_set_bytes_function(self.pointer, option.code, function)
        try CurlError.check(code, "curl_easy_setopt(\(option))")
    }

    func set(seekFunction: ccurl_seek_function) throws(CurlError) {
        try unsafe CurlError.check(ccurl_easy_set_seek_function(self.pointer, seekFunction), "CURLOPT_SEEKFUNCTION")
    }

    func set(openSocketFunction: ccurl_open_socket_function) throws(CurlError) {
        let code = unsafe ccurl_easy_set_open_socket_function(self.pointer, openSocketFunction)
        try CurlError.check(code, "CURLOPT_OPENSOCKETFUNCTION")
    }

    func set(closeSocketFunction: ccurl_close_socket_function) throws(CurlError) {
        let code = unsafe ccurl_easy_set_close_socket_function(self.pointer, closeSocketFunction)
        try CurlError.check(code, "CURLOPT_CLOSESOCKETFUNCTION")
    }

    /// Makes the request's body one that libcurl copies at once, so that `bytes` may go away.
    func setBody(copying bytes: [UInt8]) throws(CurlError) {
        // The size comes first: without it libcurl would measure the body with strlen.
        try self.setBodySize(bytes.count)
        let code = unsafe bytes.withUnsafeBytes { bytes in
            // libcurl takes a null pointer for "no body given, ask the read function", so an empty body needs an address.
            guard let start = bytes.baseAddress else {
                return unsafe "".withCString {
                    unsafe ccurl_easy_set_pointer(self.pointer, CURLOPT_COPYPOSTFIELDS, $0)
                }
            }
            return unsafe ccurl_easy_set_pointer(self.pointer, CURLOPT_COPYPOSTFIELDS, start)
        }
        try CurlError.check(code, "CURLOPT_COPYPOSTFIELDS")
    }

    /// Makes the request's body one of `size` bytes that the read function delivers.
    func setBody(readingSize size: Int) throws(CurlError) {
        try unsafe CurlError.check(ccurl_easy_set_pointer(self.pointer, CURLOPT_POSTFIELDS, nil), "CURLOPT_POSTFIELDS")
        try self.setBodySize(size)
    }

    /// How long after its start the transfer had a connection, in milliseconds, or nil while it has none.
    var connectedAfterMilliseconds: Int? {
        var value: curl_off_t = 0
        // Not the time of the TCP connection: the handshakes with a proxy and of TLS come after it, and before the
        // request.
        let code = unsafe ccurl_easy_get_offset(self.pointer, CURLINFO_PRETRANSFER_TIME_T, &value)
        return code == CURLE_OK && value > 0 ? Int(value) / 1_000 : nil
    }

    /// How many bytes of the request's body the connection has taken.
    var sentBodyBytes: Int {
        var value: curl_off_t = 0
        return unsafe ccurl_easy_get_offset(self.pointer, CURLINFO_SIZE_UPLOAD_T, &value) == CURLE_OK ? Int(value) : 0
    }

    /// The `errno` of the connection attempt that failed last, or 0.
    var systemError: Int {
        var value = 0
        return unsafe ccurl_easy_get_long(self.pointer, CURLINFO_OS_ERRNO, &value) == CURLE_OK ? value : 0
    }

    /// The status of the proxy's answer to `CONNECT`, or 0.
    var connectStatus: Int {
        var value = 0
        return unsafe ccurl_easy_get_long(self.pointer, CURLINFO_HTTP_CONNECTCODE, &value) == CURLE_OK ? value : 0
    }

    func pauseReceiving() -> CURLcode {
        unsafe curl_easy_pause(self.pointer, ccurl_pause_receiving)
    }

    /// Calls the write function with bytes that were held back, before it returns.
    func resumeReceiving() -> CURLcode {
        unsafe curl_easy_pause(self.pointer, ccurl_pause_nothing)
    }

    private func setBodySize(_ size: Int) throws(CurlError) {
        let code = unsafe ccurl_easy_set_offset(self.pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(size))
        try CurlError.check(code, "CURLOPT_POSTFIELDSIZE_LARGE")
    }
}
