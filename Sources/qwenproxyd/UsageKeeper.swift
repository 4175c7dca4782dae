// SPDX-License-Identifier: Apache-2.0

import Gateway
import Glibc
import Logging
import Shared

/// Brings what models did to the disk, now and then and at the end, and tells it with what is not there yet.
actor UsageKeeper {
    private let file: UsageFile?
    private let metrics: RequestMetrics
    private let logger: Logger
    /// Counted here, and not in the file.
    private var unsaved = UsageReport(today: "")
    /// Told once, and again after a write that went well.
    private var hasFailed = false

    /// What comes in a minute is written at once. What a crash loses is a minute's.
    private static let delay = Duration.seconds(60)

    /// - Parameter environment: says where the file is. Without a place nothing is kept.
    init(environment: [String: String], metrics: RequestMetrics, logger: Logger) {
        self.file = StateDirectory.path(environment: environment).map { UsageFile(directory: $0) }
        self.metrics = metrics
        self.logger = logger
    }

    /// Writes after changes, until it is cancelled.
    func run() async throws {
        for await _ in self.metrics.usageChanges {
            try await Task.sleep(for: Self.delay)
            await self.save()
        }
    }

    /// What this process and those before it have counted. The file says what another process, which is replaced and finishes
    /// its answers, has written in the meantime.
    func report() -> UsageReport {
        self.collect()
        var report = self.file?.read() ?? UsageReport(today: "")
        report.add(self.unsaved)
        return report
    }

    /// Writes what is new. The last one to do so comes after the last request.
    func save() async {
        self.collect()
        guard let file = self.file, !self.unsaved.days.isEmpty else { return }
        for attempt in 1...20 {
            do throws(UsageFile.Failure) {
                try file.add(self.unsaved)
                // Only after the write: what could not be written is added to the next one.
                self.unsaved = UsageReport(today: "")
                self.hasFailed = false
                return
            } catch .busy where attempt < 20 {
                // Another process has the file for some milliseconds. Nothing is lost when this sleep is cut short.
                try? await Task.sleep(for: .milliseconds(50))
            } catch {
                guard !self.hasFailed else { return }
                self.hasFailed = true
                self.logger.warning(
                    "The counts of requests and tokens were not kept", metadata: ["error.message": "\(error)"])
                return
            }
        }
    }

    private func collect() {
        let today = Self.today
        self.unsaved.today = today
        self.unsaved.add(self.metrics.takeUsage(), on: today)
    }

    /// By the clock and the time zone of the machine, as a person counts days.
    private static var today: String {
        var now = time_t(Timestamp.now().secondsSinceEpoch)
        var parts = unsafe tm()
        guard unsafe localtime_r(&now, &parts) != nil else { return String(Timestamp.now().description.prefix(10)) }
        let (year, month, day) = unsafe (Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday))
        func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(year)-\(twoDigits(month))-\(twoDigits(day))"
    }
}
