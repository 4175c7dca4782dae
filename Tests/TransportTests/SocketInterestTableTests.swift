// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Transport

@Suite
struct SocketInterestTableTests {
    private func changes(_ table: inout SocketInterestTable) -> [SocketInterestTable.Change] {
        var changes: [SocketInterestTable.Change] = []
        table.takeChanges { changes.append($0) }
        return changes
    }

    @Test func `interest that comes back before anything happens costs nothing`() {
        var table = SocketInterestTable()
        table.connectionOpened(7)
        #expect(table.interestChanged(7, .write) == nil)
        #expect(table.interestChanged(7, .read) == nil)
        #expect(self.changes(&table) == [.add(7, .read, generation: 1)])
        #expect(table.interestChanged(7, []) == nil)
        #expect(self.changes(&table) == [])
        #expect(table.interestChanged(7, .read) == nil)
        #expect(self.changes(&table) == [])
        #expect(table.interestChanged(7, [.read, .write]) == nil)
        #expect(self.changes(&table) == [.modify(7, [.read, .write], generation: 1)])
    }

    @Test func `an unwanted event takes the socket out, and interest puts it back`() {
        var table = SocketInterestTable()
        table.connectionOpened(7)
        _ = table.interestChanged(7, .read)
        _ = self.changes(&table)
        #expect(table.eventArrived(7, generation: 1) == .deliver(wanted: .read))
        _ = table.interestChanged(7, [])
        #expect(table.eventArrived(7, generation: 1) == .remove)
        _ = table.interestChanged(7, .read)
        #expect(self.changes(&table) == [.add(7, .read, generation: 1)])
    }

    @Test func `a number that comes back is another socket`() {
        var table = SocketInterestTable()
        table.connectionOpened(7)
        _ = table.interestChanged(7, .read)
        _ = self.changes(&table)
        _ = table.interestChanged(7, .write)
        table.connectionClosed(7)
        #expect(self.changes(&table) == [])
        table.connectionOpened(7)
        _ = table.interestChanged(7, .read)
        #expect(table.eventArrived(7, generation: 1) == .ignore)
        #expect(self.changes(&table) == [.add(7, .read, generation: 3)])
        #expect(table.eventArrived(900, generation: 0) == .ignore)
    }

    @Test func `sockets we did not open are told of at once, every time`() {
        var table = SocketInterestTable()
        #expect(table.interestChanged(9, .read) == .add(9, .read, generation: 0))
        #expect(table.interestChanged(9, .read) == .modify(9, .read, generation: 0))
        #expect(table.interestChanged(9, []) == .remove(9))
        #expect(self.changes(&table) == [])
    }
}
