// SPDX-License-Identifier: Apache-2.0

import CCurl
import Glibc

/// What the curl thread waits for: the sockets and the one timer libcurl asked for, and the mailbox's signal.
///
/// libcurl holds a pointer to it for as long as the multi handle lives, cached connections included, so it outlives both.
@safe
final class CurlReactor {
    private static let wakeTag = UInt64.max

    /// When libcurl wants to be called although no socket is ready.
    private(set) var timerDeadline = LoopTime.distantFuture

    private let poll: EventPoll
    private var interests = SocketInterestTable()
    private let events: UnsafeMutableBufferPointer<epoll_event>

    init(wake: borrowing EventDescriptor) throws(CurlError) {
        self.poll = try EventPoll()
        unsafe self.events = .allocate(capacity: 256)
        // Edge-triggered, since nothing reads from it.
        try self.poll.add(wake.descriptor, events: EPOLLIN.rawValue | EPOLLET.rawValue, tag: Self.wakeTag)
    }

    deinit {
        unsafe self.events.deallocate()
    }

    /// Routes what libcurl wants to know about sockets and time to this object.
    func attach(toMultiHandle multi: UnsafeMutableRawPointer) throws(CurlError) {
        let data = unsafe Unmanaged.passUnretained(self).toOpaque()
        let socketFunction: ccurl_socket_function = { _, descriptor, what, data, _ in
            unsafe CurlReactor.from(data).interestChanged(descriptor, SocketInterest(curlPoll: what))
            return 0
        }
        let timerFunction: ccurl_timer_function = { _, milliseconds, data in
            unsafe CurlReactor.from(data).timerChanged(milliseconds)
            return 0
        }
        try unsafe CurlError.check(ccurl_multi_set_socket_function(multi, socketFunction), "CURLMOPT_SOCKETFUNCTION")
        try unsafe CurlError.check(ccurl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, data), "CURLMOPT_SOCKETDATA")
        try unsafe CurlError.check(ccurl_multi_set_timer_function(multi, timerFunction), "CURLMOPT_TIMERFUNCTION")
        try unsafe CurlError.check(ccurl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, data), "CURLMOPT_TIMERDATA")
    }

    /// Has the connections of `easy` opened and closed by this object, which then knows them by their number.
    func attach(to easy: borrowing CurlEasyHandle) throws(CurlError) {
        let data = unsafe UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        try unsafe easy.set(openSocketFunction: { data, _, address in
            unsafe CurlReactor.from(data).openSocket(address!.pointee)
        })
        try unsafe easy.set(.openSocketData, data)
        try unsafe easy.set(closeSocketFunction: { data, descriptor in
            unsafe CurlReactor.from(data).closeSocket(descriptor)
        })
        try unsafe easy.set(.closeSocketData, data)
    }

    func timerFired() {
        self.timerDeadline = .distantFuture
    }

    /// Waits for at most `milliseconds` (-1: without limit). Returns how many events there are to go through.
    func wait(milliseconds: Int32) -> Int {
        self.interests.takeChanges(self.apply)
        return unsafe self.poll.wait(self.events, milliseconds: milliseconds)
    }

    /// Hands over each socket that libcurl waits for and that turned out to be ready.
    func forEachReady(of count: Int, _ body: (Int32, SocketInterest) -> Void) {
        for index in 0..<count {
            let event = unsafe self.events[index]
            let tag = unsafe event.data.u64
            // It has done its work by ending the wait: commands are taken in each round.
            if tag == Self.wakeTag { continue }
            let descriptor = Int32(truncatingIfNeeded: tag)
            switch self.interests.eventArrived(descriptor, generation: UInt32(truncatingIfNeeded: tag >> 32)) {
            case .deliver(let wanted):
                unsafe body(descriptor, SocketInterest(epollEvents: event.events, wanted: wanted))
            case .remove:
                self.poll.remove(descriptor)
            case .ignore:
                break
            }
        }
    }

    private func interestChanged(_ descriptor: Int32, _ interest: SocketInterest) {
        if let change = self.interests.interestChanged(descriptor, interest) {
            self.apply(change)
        }
    }

    private func timerChanged(_ milliseconds: Int) {
        // -1 means that libcurl wants no timer (CURLMOPT_TIMERFUNCTION(3)).
        self.timerDeadline =
            milliseconds < 0 ? .distantFuture : LoopTime.now().advanced(byMilliseconds: Int64(milliseconds))
    }

    private func openSocket(_ address: curl_sockaddr) -> Int32 {
        let descriptor = socket(address.family, address.socktype | ccurl_socket_flags, address.protocol)
        guard descriptor >= 0 else { return ccurl_socket_bad }
        self.interests.connectionOpened(descriptor)
        return descriptor
    }

    private func closeSocket(_ descriptor: Int32) -> Int32 {
        // Before it is closed: another thread may be given the number at once.
        self.interests.connectionClosed(descriptor)
        return close(descriptor)
    }

    private func apply(_ change: SocketInterestTable.Change) {
        switch change {
        case .add(let descriptor, let interest, let generation):
            self.poll.set(
                descriptor, events: interest.epollEvents, tag: Self.tag(descriptor, generation), isNew: true)
        case .modify(let descriptor, let interest, let generation):
            self.poll.set(
                descriptor, events: interest.epollEvents, tag: Self.tag(descriptor, generation), isNew: false)
        case .remove(let descriptor):
            self.poll.remove(descriptor)
        }
    }

    private static func tag(_ descriptor: Int32, _ generation: UInt32) -> UInt64 {
        UInt64(generation) << 32 | UInt64(UInt32(bitPattern: descriptor))
    }

    private static func from(_ data: UnsafeMutableRawPointer?) -> CurlReactor {
        unsafe Unmanaged<CurlReactor>.fromOpaque(data!).takeUnretainedValue()
    }
}
