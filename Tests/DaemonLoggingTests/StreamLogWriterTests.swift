// SPDX-License-Identifier: Apache-2.0

import Foundation
import Logging
import Testing

@testable import DaemonLogging

@Suite struct StreamLogWriterTests {
    private let record = LogRecord(level: .info, label: "", message: "Hello", metadata: [])

    @Test func `a record is one line on its descriptor`() throws {
        let pipe = Pipe()
        let writer = StreamLogWriter(format: .plain, descriptor: pipe.fileHandleForWriting.fileDescriptor)
        writer.write(self.record)
        try pipe.fileHandleForWriting.close()
        let line = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        #expect(try /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z info     Hello\n/.wholeMatch(in: line) != nil, "\(line)")
    }

    @Test func `a terminal shows the time of day`() throws {
        #expect(try /\d\d:\d\d:\d\d\.\d{3}/.wholeMatch(in: LogTime.now(for: .terminal)) != nil)
    }

    @Test func `a descriptor without a reader loses the line and nothing else`() {
        StreamLogWriter(format: .journal, descriptor: -1).write(self.record)
    }

    @Test func `the journal is recognised by device and inode`() throws {
        let pipe = Pipe()
        let descriptor = pipe.fileHandleForWriting.fileDescriptor
        var information = stat()
        #expect(unsafe fstat(descriptor, &information) == 0)
        let variable = "\(information.st_dev):\(information.st_ino)"
        #expect(JournalStream.isJournal(descriptor, variable: variable))
        // Inherited by a child whose stderr goes elsewhere.
        #expect(!JournalStream.isJournal(descriptor, variable: "\(information.st_dev):\(information.st_ino + 1)"))
        for nonsense in [nil, "", ":", "1", "a:b", "1:2:3"] {
            #expect(!JournalStream.isJournal(descriptor, variable: nonsense))
        }
    }
}
