// SPDX-License-Identifier: Apache-2.0

import CCurl

/// A URL that libcurl has taken apart, which it would otherwise do for each transfer.
@safe
// Nothing changes it after the initializer; a transfer makes a copy of its own.
final class CurlURL: @unchecked Sendable {
    private let handle: OpaquePointer
    let isPlain: Bool
    /// In lower case, without the brackets of an IPv6 address. libcurl has written an address the usual way: `0x7f.1` has
    /// become `127.0.0.1`.
    let host: String

    /// For `CURLOPT_CURLU`.
    var pointer: UnsafeRawPointer { unsafe UnsafeRawPointer(self.handle) }

    /// Nil when libcurl cannot read `url`.
    init?(_ url: String) {
        guard let handle = unsafe curl_url() else { return nil }
        let code = unsafe url.withCString { unsafe curl_url_set(handle, CURLUPART_URL, $0, 0) }
        guard code == CURLUE_OK, let scheme = unsafe Self.part(CURLUPART_SCHEME, of: handle),
            let host = unsafe Self.part(CURLUPART_HOST, of: handle)
        else {
            unsafe curl_url_cleanup(handle)
            return nil
        }
        unsafe self.handle = handle
        self.isPlain = scheme.lowercased() == "http"
        self.host = String(host.lowercased().drop { $0 == "[" }.prefix { $0 != "]" })
    }

    deinit {
        unsafe curl_url_cleanup(self.handle)
    }

    /// Where a `Location` header of this URL's answer leads, for a message: without user, query and fragment, and not
    /// endless. Nil when it is no URL.
    func destination(of location: String) -> String? {
        guard !location.isEmpty, let handle = unsafe curl_url_dup(self.handle) else { return nil }
        defer { unsafe curl_url_cleanup(handle) }
        // A relative location goes on from what the handle holds.
        let code = unsafe location.withCString { unsafe curl_url_set(handle, CURLUPART_URL, $0, 0) }
        guard code == CURLUE_OK else { return nil }
        for part in [CURLUPART_USER, CURLUPART_PASSWORD, CURLUPART_OPTIONS, CURLUPART_QUERY, CURLUPART_FRAGMENT] {
            unsafe curl_url_set(handle, part, nil, 0)
        }
        guard let url = unsafe Self.part(CURLUPART_URL, of: handle),
            url.utf8.count <= 512, url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
        else { return nil }
        return url
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer) -> String? {
        var text: UnsafeMutablePointer<CChar>?
        guard unsafe curl_url_get(handle, part, &text, 0) == CURLUE_OK, let text = unsafe text else { return nil }
        defer { unsafe curl_free(text) }
        return unsafe String(cString: text)
    }
}
