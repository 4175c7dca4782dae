// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import NIOCore
import NIOPosix
import Shared
import Synchronization

/// The process that is to take our place, from its start to the moment when it serves.
struct Successor: Sendable {
    struct Failure: Error, Sendable, Equatable {
        let reason: String
    }

    let processID: CInt
    /// Our end of the link.
    private let link: CInt
    /// Means this process even when its number was given to another one. -1 where the kernel has no such thing, or the
    /// process is gone.
    private let process: CInt

    /// Starts `program` with our own arguments.
    ///
    /// - Parameters:
    ///   - sockets: in the order of `names`. They stay ours, too.
    ///   - more: further descriptors, which stay ours, too. There their numbers follow that of the link.
    ///   - environment: makes the environment from the number of the link's descriptor.
    static func start(
        _ program: String, sockets: [CInt], more: [CInt] = [], environment: (_ link: CInt) -> [String: String],
    ) throws(Failure) -> Successor {
        var ends: [CInt] = [0, 0]
        let type = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
        guard unsafe socketpair(AF_UNIX, type, 0, &ends) == 0 else {
            throw Failure(reason: "No socket to the new process could be made (\(SystemError.text(errno))).")
        }
        let ours = OwnedDescriptor(ends[0])
        let theirs = OwnedDescriptor(ends[1])
        let descriptors = sockets + [theirs.rawValue] + more
        let variables = environment(CInt(3 + sockets.count)).map { "\($0.key)=\($0.value)" }
        let processID = unsafe withCStrings(CommandLine.arguments) { arguments in
            unsafe withCStrings(variables) { environment in
                unsafe qp_spawn_orphan(
                    program, arguments, environment, descriptors, CInt(descriptors.count))
            }
        }
        guard processID > 0 else {
            throw Failure(reason: "\(program) could not be started (\(SystemError.text(errno))).")
        }
        // No other process holds the other end. While it is open the process runs, so the number was its own until then.
        let process = qp_open_process(processID)
        var byte: UInt8 = 0
        _ = consume theirs
        let count = unsafe recv(ours.rawValue, &byte, 1, CInt(MSG_PEEK) | CInt(MSG_DONTWAIT))
        if count == 0, process >= 0 { close(process) }
        return Successor(processID: processID, link: ours.release(), process: count == 0 ? -1 : process)
    }

    /// Waits until the new process can serve, then does what `commit` does, and lets the new process begin. When it does
    /// not come up in time, or `commit` throws, it ends.
    ///
    /// `commit` may take as long as it likes. When it has returned the new process serves, whatever goes wrong afterwards.
    func takeOver(
        within limit: TimeAmount, group: any EventLoopGroup,
        commit: @Sendable (_ version: String) async throws(Failure) -> Void,
    ) async throws -> String {
        defer { if self.process >= 0 { close(self.process) } }
        let channel = try await NIOPipeBootstrap(group: group).takingOwnershipOfDescriptor(inputOutput: self.link) {
            channel in
            channel.eventLoop.makeCompletedFuture {
                try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
            }
        }
        // Closed, the link ends the reading below, whatever the other process does.
        let timer = channel.channel.eventLoop.scheduleTask(in: limit) { channel.channel.close(promise: nil) }
        let committed = Mutex<String?>(nil)
        do {
            return try await channel.executeThenClose { inbound, outbound in
                var text = ""
                for try await buffer in inbound {
                    text += String(buffer: buffer)
                    // A stream keeps no messages apart; the NUL ends this one.
                    if text.hasSuffix("\0") { break }
                }
                timer.cancel()
                switch TakeoverMessage(parsing: text) {
                case .ready(let version):
                    do {
                        try await commit(version)
                    } catch {
                        try? await outbound.write(ByteBuffer(bytes: [TakeoverAnswer.abandon.rawValue]))
                        throw error
                    }
                    // Before the answer is written: from the commit on this process accepts nothing, so the other one
                    // has to.
                    committed.withLock { $0 = version }
                    try await outbound.write(ByteBuffer(bytes: [TakeoverAnswer.proceed.rawValue]))
                    return version
                case .failed(let reason):
                    throw Failure(reason: reason)
                case nil:
                    throw Failure(reason: "It did not come up; the log says more.")
                }
            }
        } catch {
            timer.cancel()
            // It serves already; that it no longer waits for our word is no failure.
            if let version = committed.withLock({ $0 }) { return version }
            // Whatever it is doing, there must not be two.
            if self.process >= 0 { qp_signal_process(self.process, SIGKILL) }
            throw error
        }
    }
}
