// SPDX-License-Identifier: Apache-2.0

import CCurl

/// The options this room uses, sorted by the C type of their argument. The variadic C call would take any of them.
enum CurlOption {
    /// Options whose argument is text that libcurl copies.
    enum Text {
        case acceptEncoding
        case certificateAuthorities
        case noProxy
        case protocols
        case proxy
        case url

        var code: CURLoption {
            switch self {
            case .acceptEncoding: CURLOPT_ACCEPT_ENCODING
            case .certificateAuthorities: CURLOPT_CAINFO
            case .noProxy: CURLOPT_NOPROXY
            case .protocols: CURLOPT_PROTOCOLS_STR
            case .proxy: CURLOPT_PROXY
            case .url: CURLOPT_URL
            }
        }
    }

    /// Options whose argument is a `long`.
    enum Number {
        case bufferSize
        case connectTimeoutMilliseconds
        case followLocation
        case get
        case httpVersion
        case keepAlive
        case keepAliveIdle
        case keepAliveInterval
        case noSignal
        case post
        case quickExit
        case suppressConnectHeaders
        case tcpNoDelay
        case uploadBufferSize
        case verifyHost
        case verifyPeer

        var code: CURLoption {
            switch self {
            case .bufferSize: CURLOPT_BUFFERSIZE
            case .connectTimeoutMilliseconds: CURLOPT_CONNECTTIMEOUT_MS
            case .followLocation: CURLOPT_FOLLOWLOCATION
            case .get: CURLOPT_HTTPGET
            case .httpVersion: CURLOPT_HTTP_VERSION
            case .keepAlive: CURLOPT_TCP_KEEPALIVE
            case .keepAliveIdle: CURLOPT_TCP_KEEPIDLE
            case .keepAliveInterval: CURLOPT_TCP_KEEPINTVL
            case .noSignal: CURLOPT_NOSIGNAL
            case .post: CURLOPT_POST
            case .quickExit: CURLOPT_QUICK_EXIT
            case .suppressConnectHeaders: CURLOPT_SUPPRESS_CONNECT_HEADERS
            case .tcpNoDelay: CURLOPT_TCP_NODELAY
            case .uploadBufferSize: CURLOPT_UPLOAD_BUFFERSIZE
            case .verifyHost: CURLOPT_SSL_VERIFYHOST
            case .verifyPeer: CURLOPT_SSL_VERIFYPEER
            }
        }
    }

    /// Options whose argument is a pointer libcurl keeps: what it points to must outlive its use.
    enum Pointer {
        case closeSocketData
        case errorBuffer
        case headerData
        case headers
        case openSocketData
        case owner
        case parsedURL
        case readData
        case seekData
        case writeData

        var code: CURLoption {
            switch self {
            case .closeSocketData: CURLOPT_CLOSESOCKETDATA
            case .errorBuffer: CURLOPT_ERRORBUFFER
            case .headerData: CURLOPT_HEADERDATA
            case .headers: CURLOPT_HTTPHEADER
            case .openSocketData: CURLOPT_OPENSOCKETDATA
            case .owner: CURLOPT_PRIVATE
            case .parsedURL: CURLOPT_CURLU
            case .readData: CURLOPT_READDATA
            case .seekData: CURLOPT_SEEKDATA
            case .writeData: CURLOPT_WRITEDATA
            }
        }
    }

    /// Options whose argument is a function over bytes.
    enum BytesFunction {
        case header
        case read
        case write

        var code: CURLoption {
            switch self {
            case .header: CURLOPT_HEADERFUNCTION
            case .read: CURLOPT_READFUNCTION
            case .write: CURLOPT_WRITEFUNCTION
            }
        }
    }
}
