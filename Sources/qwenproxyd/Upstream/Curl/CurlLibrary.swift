// SPDX-License-Identifier: Apache-2.0

import CCurl

/// libcurl's process-wide set-up, done once, before the first handle is made.
enum CurlLibrary {
    /// The version libcurl has at run time, which may be newer than the headers: `(major << 16) | (minor << 8) | patch`.
    static let version: UInt32 = unsafe curl_version_info(ccurl_version_now).pointee.version_num

    private static let outcome = curl_global_init(ccurl_global_default)

    static func initialize() throws(CurlError) {
        try CurlError.check(Self.outcome, "curl_global_init")
    }
}
