// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing

@testable import ServiceManager

/// The variables of the environment belong to the whole process, so each test has a process of its own.
@Suite(.timeLimit(.minutes(1))) struct ServiceNotifierTests {
    @Test func `messages arrive on the notification socket`() async {
        await #expect(processExitsWith: .success) {
            // An abstract address needs no file.
            let name = "qwenproxyd-notifier-test-\(getpid())"
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0[1...].copyBytes(from: Array(name.utf8)) }
            let length = socklen_t(MemoryLayout<sa_family_t>.size + 1 + name.utf8.count)
            let receiver = socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue), 0)
            let status = unsafe withUnsafePointer(to: address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe bind(receiver, $0, length)
                }
            }
            #expect(status == 0)
            unsafe setenv("NOTIFY_SOCKET", "@\(name)", 1)

            let notifier = ServiceNotifier(logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let messages: [ServiceMessage] = [
                .ready(status: "Serving"), .status("2 in flight"), .reloadingNow(), .watchdog, .mainProcess(getpid()),
                .stopping(status: "Draining"),
            ]
            for message in messages {
                notifier.notify(message)
                var bytes = [UInt8](repeating: 0, count: 4096)
                let count = unsafe recv(receiver, &bytes, bytes.count, CInt(MSG_DONTWAIT))
                #expect(String(decoding: bytes.prefix(max(0, count)), as: UTF8.self) == message.text)
            }
        }
    }

    @Test func `without systemd nothing happens, and a dead socket is only logged`() async {
        await #expect(processExitsWith: .success) {
            let recorder = RecordingLog()
            let notifier = ServiceNotifier(logger: recorder.logger)
            unsafe unsetenv("NOTIFY_SOCKET")
            notifier.notify(.ready(status: "Serving"))
            #expect(recorder.records.isEmpty)

            unsafe setenv("NOTIFY_SOCKET", "/nonexistent/notify", 1)
            notifier.notify(.watchdog)
            #expect(recorder.records.map(\.level) == [.warning])
        }
    }

    @Test func `the watchdog exists only when systemd watches this process`() async {
        await #expect(processExitsWith: .success) {
            let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            let notifier = ServiceNotifier(logger: logger)
            unsafe unsetenv("WATCHDOG_USEC")
            #expect(Watchdog(checks: [], notifier: notifier, logger: logger)?.interval == nil)
            unsafe setenv("WATCHDOG_USEC", "2000000", 1)
            unsafe setenv("WATCHDOG_PID", "1", 1)
            #expect(Watchdog(checks: [], notifier: notifier, logger: logger)?.interval == nil)
            unsafe setenv("WATCHDOG_PID", "\(getpid())", 1)
            #expect(Watchdog(checks: [], notifier: notifier, logger: logger)?.interval == .seconds(2))
        }
    }
}
