// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The models that servers said they have, for whoever asks one for a model that it does not have. Kept in memory only:
/// each server is asked again after a start.
package final class OfferedModels: Sendable {
    private struct Server: Hashable {
        var upstream: String
        var baseURL: String
    }

    /// More than a person reads.
    private static let limit = 8
    private let names = Mutex<[Server: [String]]>([:])

    /// - Parameter names: as the server lists them.
    func remember(_ names: [String], of upstream: String, at baseURL: String) {
        let usable = names.filter { !$0.isEmpty && $0.utf8.count <= 80 && $0.utf8.allSatisfy(Self.isPlain) }
        // Where a server has hundreds of all makers, those are looked for here.
        let sorted = usable.filter(Self.isQwen) + usable.filter { !Self.isQwen($0) }
        self.names.withLock { $0[Server(upstream: upstream, baseURL: baseURL)] = Array(sorted.prefix(Self.limit)) }
    }

    /// A few of them, those of Qwen first; empty when nothing is known.
    func some(of upstream: String, at baseURL: String) -> [String] {
        self.names.withLock { $0[Server(upstream: upstream, baseURL: baseURL)] ?? [] }
    }

    private static func isQwen(_ name: String) -> Bool { name.lowercased().contains("qwen") }

    /// The names end up in texts for people.
    private static func isPlain(_ byte: UInt8) -> Bool { byte > 0x20 && byte < 0x7F && byte != UInt8(ascii: "`") }
}
