// SPDX-License-Identifier: Apache-2.0

/// What a request is for, in the words of Claude Code's header `x-claude-code-request-class` (gateway compatibility guide,
/// since 2.1.273).
package enum RequestClass: String, Sendable, CaseIterable {
    /// The conversation with the user.
    case main
    /// The conversation of an agent.
    case subagent
    /// A step of a workflow.
    case workflow
    /// The summary of a conversation that has become too long.
    case compaction
    /// What the client wants to know beside the conversation: a title, what a page says, whether a command is safe.
    case auxiliary
    /// A short answer to the user beside the conversation.
    case sideReply = "side_reply"
}
