// SPDX-License-Identifier: Apache-2.0

import CCurl

/// libcurl's process-wide set-up, done once, before the first handle is made.
enum CurlLibrary {
    private static let outcome = curl_global_init(ccurl_global_default)

    static func initialize() throws(CurlError) {
        try CurlError.check(Self.outcome, "curl_global_init")
    }
}
