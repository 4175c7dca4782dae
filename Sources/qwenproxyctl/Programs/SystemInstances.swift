// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Shared

/// The daemons that the system runs for users (qwenproxyd@USER.service).
enum SystemInstances {
    /// Those whose control socket is there.
    static func users() -> [String] {
        let directory = SocketPath.ofSystemServices
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.filter { unsafe access(SocketPath.ofSystemService(for: $0), F_OK) == 0 }.sorted()
    }
}
