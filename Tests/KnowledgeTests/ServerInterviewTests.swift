// SPDX-License-Identifier: Apache-2.0

import Testing
import Translation

@testable import Knowledge

@Suite struct ServerInterviewTests {
    /// All questions that a server gets which answers some of them, and all that was learned.
    private func interview(
        isOwn: Bool = true, _ answers: [ServerQuestion: String],
    ) -> (questions: [ServerQuestion], lessons: [Lesson]) {
        var interview = ServerInterview(about: "qwen3", isOwn: isOwn)
        var questions: [ServerQuestion] = []
        var lessons: [Lesson] = []
        while let question = interview.next() {
            questions.append(question)
            lessons += interview.answered(question, answers[question].map { Array($0.utf8) })
        }
        return (questions, lessons)
    }

    @Test func `a server whose list says all is asked nothing more`() {
        let (questions, lessons) = self.interview([
            .modelList: #"{"data":[{"id":"qwen3","owned_by":"vllm","max_model_len":8192}]}"#
        ])
        #expect(questions == [.modelList])
        #expect(lessons == [.contextWindow(8192), .server(.vLLM)])
    }

    @Test(arguments: [
        ("llamacpp", [ServerQuestion.modelList, .llamaProperties]),
        ("library", [.modelList, .ollamaModelCard, .ollamaRunningModels]),
        ("organization_owner", [.modelList, .lmStudioModels]),
        ("sglang", [.modelList]),
    ])
    func `the list decides what comes next, even without the model in it`(
        _ owner: String, _ expected: [ServerQuestion],
    ) {
        for isOwn in [true, false] {
            let list = #"{"data":[{"id":"a","owned_by":"\#(owner)"},{"id":"b","owned_by":"\#(owner)"}]}"#
            #expect(self.interview(isOwn: isOwn, [.modelList: list]).questions == expected)
        }
    }

    @Test func `an unknown server of one's own is asked all, until one answer tells what it is`() {
        #expect(self.interview([:]).questions == [.modelList, .llamaProperties, .ollamaModelCard, .liteLLMModels])
        let (questions, lessons) = self.interview([
            .modelList: #"{"data":[{"id":"qwen3","owned_by":"me"}]}"#,
            .ollamaModelCard: #"{"model_info":{},"capabilities":["vision"]}"#,
            .ollamaRunningModels: #"{"models":[{"name":"qwen3:latest","context_length":4096}]}"#,
        ])
        #expect(questions == [.modelList, .llamaProperties, .ollamaModelCard, .ollamaRunningModels])
        #expect(lessons == [.server(.ollama), .contextWindow(4096)])
    }

    @Test func `an unknown server that tells the window is left alone, and so is a stranger's`() {
        let list = #"{"data":[{"id":"qwen3","context_length":8192}]}"#
        #expect(self.interview([.modelList: list]).questions == [.modelList])
        #expect(self.interview(isOwn: false, [:]).questions == [.modelList])
    }
}
