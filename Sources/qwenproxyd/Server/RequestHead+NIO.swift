// SPDX-License-Identifier: Apache-2.0

import NIOHTTP1

extension RequestHead {
    init(_ head: HTTPRequestHead) {
        self.init(
            method: head.method.rawValue,
            target: head.uri,
            headers: head.headers.map { (name: $0.name, value: $0.value) },
            isKeepAlive: head.isKeepAlive,
            isVersionZero: head.version.minor == 0,
        )
    }
}
