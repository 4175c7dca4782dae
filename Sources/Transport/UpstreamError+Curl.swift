// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

extension UpstreamError {
    /// What the end libcurl reports for `slot` means; nil for a complete answer.
    init?(_ code: CURLcode, in slot: TransferSlot, target: UpstreamTarget) {
        let host = target.host
        switch code {
        case CURLE_OK:
            return nil
        case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL:
            self = .invalidURL(UpstreamAddress.redacted(target.url))
        case CURLE_COULDNT_RESOLVE_HOST:
            self = .unresolvableHost(host)
        case CURLE_COULDNT_CONNECT:
            self = unsafe .unreachable(
                host: host,
                reason: slot.easy.systemError == 0
                    ? Self.text(code, slot) : String(cString: strerror(Int32(slot.easy.systemError))))
        case CURLE_COULDNT_RESOLVE_PROXY, CURLE_PROXY, CURLE_INTERFACE_FAILED:
            self = .unreachable(host: host, reason: Self.text(code, slot))
        case CURLE_OPERATION_TIMEDOUT:
            // The only time limit libcurl is given is the one for connecting.
            self = .unreachable(host: host, reason: "no connection within \(target.timeouts.connect)")
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CLIENTCERT, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED:
            self = .insecure(host: host, reason: Self.text(code, slot))
        default:
            // libcurl's longer text is left out here: it may quote what the peer sent.
            self = unsafe .interrupted(reason: String(cString: curl_easy_strerror(code)))
        }
    }

    private static func text(_ code: CURLcode, _ slot: TransferSlot) -> String {
        let text = slot.errorText
        return unsafe text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
    }
}
