// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

/// A C call of this room that failed: what libcurl or the kernel said, and about which call.
package enum CurlError: Error, Equatable, CustomStringConvertible {
    case easy(code: UInt32, call: String)
    case multi(code: Int32, call: String)
    case system(errno: Int32, call: String)

    /// Throws unless `code` is `CURLE_OK`.
    static func check(_ code: CURLcode, _ call: @autoclosure () -> String) throws(CurlError) {
        if code != CURLE_OK { throw .easy(code: code.rawValue, call: call()) }
    }

    /// Throws unless `code` is `CURLM_OK`.
    static func check(_ code: CURLMcode, _ call: @autoclosure () -> String) throws(CurlError) {
        if code != CURLM_OK { throw .multi(code: code.rawValue, call: call()) }
    }

    /// The error of the system call that has just failed on this thread.
    static func lastSystemError(_ call: String) -> CurlError {
        .system(errno: errno, call: call)
    }

    package var description: String {
        switch self {
        case .easy(let code, let call):
            "\(call): \(unsafe String(cString: curl_easy_strerror(CURLcode(code))))"
        case .multi(let code, let call):
            "\(call): \(unsafe String(cString: curl_multi_strerror(CURLMcode(code))))"
        case .system(let errno, let call):
            "\(call): \(unsafe String(cString: strerror(errno)))"
        }
    }
}

/// libcurl's process-wide set-up, done once, before the first handle is made.
enum CurlLibrary {
    // A static value is made once, also when several threads come at the same time.
    private static let outcome = curl_global_init(ccurl_global_default)

    static func initialize() throws(CurlError) {
        try CurlError.check(Self.outcome, "curl_global_init")
    }
}
