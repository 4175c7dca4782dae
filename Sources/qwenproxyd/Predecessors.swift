// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Shared
import Synchronization

/// What this process says about what it still serves, for the one that has replaced it: the newest report waits in a socket.
/// Other processes look at it whenever they are asked, and leave it there for the next one that they hand over to.
final class ReportToSuccessor: Sendable {
    private let writing: OwnedDescriptor
    /// The readers' end, to take an older report out.
    private let reading: OwnedDescriptor
    private let hasReport = Mutex(false)

    /// Nil when there is no descriptor left.
    init?() {
        var ends: [CInt] = [-1, -1]
        // Keeps the reports apart, so that an older one can be taken out whole.
        let type = CInt(SOCK_SEQPACKET.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else { return nil }
        self.reading = OwnedDescriptor(ends[0])
        self.writing = OwnedDescriptor(ends[1])
    }

    /// For the other process; the caller closes it.
    func duplicate() -> CInt? { OwnedDescriptor.copy(of: self.reading.rawValue)?.release() }

    /// The newest report takes the place of the older one.
    func put(_ report: PredecessorStatus) {
        guard let bytes = report.frame else { return }
        self.hasReport.withLock { hasReport in
            // Not waited for: this process still serves requests.
            let flags = CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL)
            guard unsafe send(self.writing.rawValue, bytes, bytes.count, flags) >= 0 else { return }
            // After the newer one has come, so that there is always one to be seen.
            if hasReport {
                var byte: UInt8 = 0
                // The rest of the report goes with its first byte.
                _ = unsafe recv(self.reading.rawValue, &byte, 1, CInt(MSG_DONTWAIT))
            }
            hasReport = true
        }
    }
}

/// The processes that were replaced and have not ended, as they said last themselves.
final class Predecessors: Sendable {
    private let descriptors: Mutex<[CInt]>

    /// - Parameter descriptors: the readers' ends of their reports; ours from now on.
    init(_ descriptors: [CInt]) {
        self.descriptors = Mutex(descriptors)
    }

    deinit {
        self.descriptors.withLock { for descriptor in $0 { close(descriptor) } }
    }

    /// Those that serve something, the one that was replaced first in front.
    var reports: [PredecessorStatus] {
        self.descriptors.withLock { descriptors in
            Self.closeEnded(&descriptors)
            return descriptors.compactMap(Self.report).filter { $0.inFlight > 0 }
        }
    }

    /// Closes what processes leave that end, for as long as there are any. Returns when the last one has ended or the task is
    /// cancelled.
    func closeEnded(every interval: Duration = .seconds(10)) async throws {
        while self.descriptors.withLock({ Self.closeEnded(&$0) }) { try await Task.sleep(for: interval) }
    }

    /// - Returns: whether there are others.
    @discardableResult
    private static func closeEnded(_ descriptors: inout [CInt]) -> Bool {
        descriptors.removeAll { descriptor in
            guard Self.hasEnded(descriptor) else { return false }
            close(descriptor)
            return true
        }
        return !descriptors.isEmpty
    }

    /// For the process that replaces this one; the caller closes them.
    func duplicates() -> [CInt] {
        self.descriptors.withLock { $0.compactMap { OwnedDescriptor.copy(of: $0)?.release() } }
    }

    /// The other end is closed.
    private static func hasEnded(_ descriptor: CInt) -> Bool {
        // No events are asked for: POLLHUP comes all the same, and a report that waits is not of interest here.
        var entry = pollfd(fd: descriptor, events: 0, revents: 0)
        return unsafe poll(&entry, 1, 0) > 0 && entry.revents & Int16(POLLHUP) != 0
    }

    private static func report(of descriptor: CInt) -> PredecessorStatus? {
        var bytes = [UInt8](repeating: 0, count: PredecessorStatus.frameLimit)
        let flags = CInt(MSG_PEEK) | CInt(MSG_DONTWAIT)
        let count = unsafe recv(descriptor, &bytes, bytes.count, flags)
        guard count > 0 else { return nil }
        return try? JSONDecoder().decode(PredecessorStatus.self, from: Data(bytes.prefix(count)))
    }
}

extension PredecessorStatus {
    /// In bytes. Far below what a socket takes at once.
    fileprivate static let frameLimit = 16 << 10

    /// As JSON, without the requests that do not fit; nil when nothing fits.
    fileprivate var frame: [UInt8]? {
        var status = self
        while true {
            guard let data = try? JSONEncoder().encode(status) else { return nil }
            if data.count <= Self.frameLimit { return Array(data) }
            guard !status.live.isEmpty else { return nil }
            // Half at a time, so that few attempts are enough; the oldest stay.
            status.live.removeLast((status.live.count + 1) / 2)
        }
    }
}
