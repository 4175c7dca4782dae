// SPDX-License-Identifier: Apache-2.0

import CCurl

/// A URL that libcurl has taken apart, which it would otherwise do for each transfer.
@safe
// Nothing changes it after the initializer; a transfer makes a copy of its own.
final class CurlURL: @unchecked Sendable {
    private let handle: OpaquePointer

    /// For `CURLOPT_CURLU`.
    var pointer: UnsafeRawPointer { unsafe UnsafeRawPointer(self.handle) }

    /// Nil when libcurl cannot read `url`.
    init?(_ url: String) {
        guard let handle = unsafe curl_url() else { return nil }
        let code = unsafe url.withCString { unsafe curl_url_set(handle, CURLUPART_URL, $0, 0) }
        guard code == CURLUE_OK else {
            unsafe curl_url_cleanup(handle)
            return nil
        }
        unsafe self.handle = handle
    }

    deinit {
        unsafe curl_url_cleanup(self.handle)
    }
}
