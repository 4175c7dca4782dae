// SPDX-License-Identifier: Apache-2.0

/// What a successor tells its predecessor, once.
enum TakeoverMessage: Sendable, Equatable {
    case ready(version: String)
    case failed(reason: String)

    var text: String {
        switch self {
        case .ready(let version): "ready \(version)\0"
        case .failed(let reason): "failed \(reason)\0"
        }
    }

    /// Nil for what ended before it was a message.
    init?(parsing text: String) {
        guard text.hasSuffix("\0") else { return nil }
        let parts = text.dropLast().split(separator: " ", maxSplits: 1).map(String.init)
        switch (parts.first, parts.count) {
        case ("ready", 2): self = .ready(version: parts[1])
        case ("failed", 2): self = .failed(reason: parts[1])
        default: return nil
        }
    }
}

/// What the predecessor answers to `TakeoverMessage.ready`: one byte.
enum TakeoverAnswer: UInt8, Sendable {
    /// It accepts no more.
    case proceed = 0x0A
    /// It goes on, and the successor has to end.
    case abandon = 0x78
}
