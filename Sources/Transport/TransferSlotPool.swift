// SPDX-License-Identifier: Apache-2.0

/// The slots that wait for their next transfer. An easy handle is costly to make and cheap to keep.
struct TransferSlotPool {
    private let settings: UpstreamClient.Settings
    private let reactor: CurlReactor
    private let round: LoopRound
    private var idle: [TransferSlot] = []

    init(settings: UpstreamClient.Settings, reactor: CurlReactor, round: LoopRound) {
        self.settings = settings
        self.reactor = reactor
        self.round = round
    }

    mutating func take() throws(CurlError) -> TransferSlot {
        if let slot = self.idle.popLast() { return slot }
        return try TransferSlot(settings: self.settings, reactor: self.reactor, round: self.round)
    }

    mutating func giveBack(_ slot: TransferSlot) {
        // libcurl keeps the header lines of an answer, each in a block of its own, until the handle is used again.
        let isLight = slot.transfer.map { $0.headerSize <= self.settings.maximumIdleHandleSize } ?? true
        slot.end()
        if isLight, self.idle.count < self.settings.maximumIdleHandles { self.idle.append(slot) }
    }

    mutating func removeAll() {
        self.idle = []
    }
}
