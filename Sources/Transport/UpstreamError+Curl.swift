// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

extension UpstreamError {
    /// What the end libcurl reports for `slot` means; nil for a complete answer.
    init?(_ code: CURLcode, in slot: TransferSlot, target: UpstreamTarget) {
        if code == CURLE_OK { return nil }
        let host = target.host
        // The proxy first: with one, the codes below are about the connection to the proxy.
        if let proxy = slot.proxy, let reason = Self.failure(of: proxy, code, slot, target) {
            self = .proxyFailed(proxy: proxy.name, reason: reason)
            return
        }
        switch code {
        case CURLE_URL_MALFORMAT:
            self = .invalidURL(UpstreamAddress.redacted(target.url))
        case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY:
            // The address was read before, so this is said of the answer's first line.
            self = .notHTTP(host: host)
        case CURLE_BAD_CONTENT_ENCODING:
            self = .undecodable(reason: Self.text(code, slot))
        case CURLE_COULDNT_RESOLVE_HOST:
            self = .unresolvableHost(host)
        case CURLE_COULDNT_CONNECT:
            self = .unreachable(host: host, reason: Self.connectText(code, slot))
        case CURLE_INTERFACE_FAILED:
            self = .unreachable(host: host, reason: Self.text(code, slot))
        case CURLE_OPERATION_TIMEDOUT:
            // The only time limit libcurl is given is the one for connecting.
            self = .unreachable(host: host, reason: Self.connectTimeout(target))
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
            CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_CLIENTCERT, CURLE_SSL_ENGINE_INITFAILED, CURLE_USE_SSL_FAILED:
            self = .insecure(host: host, reason: Self.text(code, slot))
        default:
            // libcurl's longer text is left out here: it may quote what the peer sent.
            self = unsafe .interrupted(reason: String(cString: curl_easy_strerror(code)))
        }
    }

    /// What the proxy did not do, if it is the proxy's failure.
    private static func failure(
        of proxy: Proxy, _ code: CURLcode, _ slot: TransferSlot, _ target: UpstreamTarget,
    ) -> String? {
        switch code {
        case CURLE_COULDNT_CONNECT: return Self.connectText(code, slot)
        case CURLE_COULDNT_RESOLVE_PROXY: return "its name could not be resolved"
        case CURLE_PROXY: return Self.text(code, slot)
        case CURLE_OPERATION_TIMEDOUT: return Self.connectTimeout(target)
        default:
            let status = slot.easy.connectStatus
            return status == 0 || (200..<300).contains(status) ? nil : "it answered \(status) to CONNECT"
        }
    }

    private static func connectTimeout(_ target: UpstreamTarget) -> String {
        "no connection within \(target.timeouts.connect)"
    }

    private static func connectText(_ code: CURLcode, _ slot: TransferSlot) -> String {
        let system = slot.easy.systemError
        return unsafe system == 0 ? Self.text(code, slot) : String(cString: strerror(Int32(system)))
    }

    private static func text(_ code: CURLcode, _ slot: TransferSlot) -> String {
        let text = slot.errorText
        return unsafe text.isEmpty ? String(cString: curl_easy_strerror(code)) : text
    }
}
