// SPDX-License-Identifier: Apache-2.0

import NIOCore
import NIOEmbedded
import Testing

@testable import Control

@Suite struct IdleControlConnectionTests {
    private let activity = IdleControlConnection.Activity()

    private func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(handler: IdleControlConnection(activity: self.activity))
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "/x")).wait()
        return channel
    }

    @Test func `a connection on which nothing moves is closed`() throws {
        let channel = try self.channel()
        channel.pipeline.fireUserInboundEventTriggered(IdleStateHandler.IdleStateEvent.all)
        #expect(!channel.isActive)
    }

    @Test func `a call that takes its time is not idleness`() throws {
        let channel = try self.channel()
        self.activity.isCalling = true
        channel.pipeline.fireUserInboundEventTriggered(IdleStateHandler.IdleStateEvent.all)
        #expect(channel.isActive)
        self.activity.isCalling = false
        channel.pipeline.fireUserInboundEventTriggered(IdleStateHandler.IdleStateEvent.all)
        #expect(!channel.isActive)
    }

    @Test func `other events pass`() throws {
        let channel = try self.channel()
        channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        #expect(channel.isActive)
        try channel.close().wait()
    }
}
