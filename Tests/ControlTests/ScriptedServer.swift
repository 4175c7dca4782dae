// SPDX-License-Identifier: Apache-2.0

import Foundation
import Shared

/// A server that does one wrong thing to its first client.
final class ScriptedServer: Sendable {
    enum Script: Sendable {
        case answer([UInt8])
        case hangUp
        case silence
        case neverAccept
    }

    private let descriptor: CInt
    private let isFinished = DispatchSemaphore(value: 0)

    init(path: String, script: Script) throws {
        let address = UnixSocketAddress(path: path)!
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        self.descriptor = descriptor
        guard unsafe address.withSocketAddress({ unsafe bind(descriptor, $0, $1) }) == 0,
            // A queue of 0 holds one client on Linux.
            listen(descriptor, 0) == 0
        else { throw RawClient.Failure(call: "bind", code: errno) }
        if case .neverAccept = script { return }
        let isFinished = self.isFinished
        Thread.detachNewThread {
            let client = accept(descriptor, nil, nil)
            if case .answer(let bytes) = script {
                unsafe bytes.withUnsafeBytes { bytes in
                    _ = unsafe send(client, bytes.baseAddress, bytes.count, CInt(MSG_NOSIGNAL))
                }
            }
            if case .hangUp = script {} else { isFinished.wait() }
            close(client)
        }
    }

    func finish() {
        self.isFinished.signal()
        close(self.descriptor)
    }
}
